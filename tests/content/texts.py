"""A lesson with everything that a lesson can hold, and the files beside it."""

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0h40v30z"/></svg>'
)

RICH = """
## Todo lo que cabe

La comisión de estudio se reúne; la comisión de estudio escribe.[^1]
Y una [comisión de estudio]{.nolink}.

| Nombre | Número | Centro |
|:-------|-------:|:------:|
| *Uno*  |      1 | a      |

:::note Una nota
Con **peso** y un [enlace](https://www.un.org/).
:::

:::important Algo importante
Con una [lección](lesson:leccion-2) y el [texto](media/guia.pdf).
:::

:::think Su institución
¿Qué falta?
:::

:::content-note Antes de seguir
El pasaje es duro.
:::

:::case El caso
Los hechos.[^1]
:::

:::equivalent Sin el caso
Lo mismo, de otro modo.
:::

Término
: Una definición.

:::figure
src: media/figura.svg
alt: Un rectángulo "negro" & llano.
caption: Un rectángulo
credit: Elaboración propia
:::

:::audio
src: media/voz.mp3
title: Una voz
minutes: 3
credit: CourseHub
captions:
- {language: es, src: media/voz.es.vtt}
:::

:::transcript
Hola.
:::

:::video
src: media/escena.mp4
small: media/escena-liviana.mp4
audio: media/voz.mp3
title: Una escena
minutes: 2
credit: CourseHub
captions:
- {language: es, src: media/voz.es.vtt}
:::

:::transcript
Hola.
:::

:::download
src: media/guia.pdf
title: La guía
:::

> Una cita.

[^1]: La fuente de la nota.
"""

GLOSSARY = """\
# Terms stay as they were written.
terms:
- term: {es: comisión de estudio, pt: comissão de estudo, en: study commission}
  aliases: {es: [comisiones de estudio]}
  definition: {es: Grupo que estudia., pt: Grupo que estuda., en: A group that studies.}
- term:
    es: parte
    pt: parte
    en: part
  definition:
    es: "Un trozo: nada más."
    pt: Um pedaço.
    en: A piece.
"""

QUIZ = """\
title: {es: Prueba, pt: Prova, en: Quiz}
state: preparing
pass_percent: 70
attempts: 3
questions:
- type: single_choice
  text: {es: ¿Una?, pt: Uma?, en: One?}
  answers:
  - {right: true, text: {es: Sí, pt: Sim, en: "Yes"}}
  - {text: {es: Otra, pt: Outra, en: Another}}
  feedback: {es: Porque sí., pt: Porque sim., en: Because.}
- type: multiple_choice
  text:
    es: ¿Varias?
    pt: Várias?
    en: Several?
  answers:
  - right: true
    text: {es: A, pt: A, en: A}
  - right: true
    text: {es: B, pt: B, en: B}
  feedback: {es: Las dos., pt: As duas., en: Both.}
"""

OUTLOOK = """\
- planned:
    title: {es: Una lección futura, pt: Uma lição futura, en: A lesson to come}
    minutes: 30
"""

BANK = """\
title: {es: La Carta, pt: A Carta, en: The Charter}
drafts: [q-borrador]
questions:
- id: q-carta
  type: true_false
  text: {es: ¿Es de 1945?, pt: É de 1945?, en: Is it from 1945?}
  is_true: true
  tags: [carta]
- id: q-anos
  type: numeric
  text: {es: ¿Cuántos años?, pt: Quantos anos?, en: How many years?}
  amounts: [{value: 80}]
  tags: [carta]
- id: q-borrador
  type: single_choice
  text: {es: ¿Cuál?, pt: Qual?, en: Which?}
  answers:
  - {right: true, text: {es: A, pt: A, en: A}}
  - {text: {es: B, pt: B, en: B}}
  tags: [carta]
"""
