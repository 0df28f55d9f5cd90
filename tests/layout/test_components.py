"""Components as pages use them: what is typed stays, what is wrong is said beside it."""

import pytest
from flask import render_template_string
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField, TextAreaField

from coursehub.foundation.forms import Choice, Form, Required

IMPORT = '{% import "layout/components.html" as ch with context %}'


class Everything(Form):
    name = StringField("Name", [Required("Write it.")], render_kw={"autocomplete": "name"})
    secret = PasswordField("Password")
    story = TextAreaField("Story")
    country = Choice("Country", [Required("Choose.")], choices={"": "–", "AR": "Argentina"})
    pace = RadioField("Pace", choices=["slow", "quick"], validate_choice=False)
    accepts = BooleanField("I accept", [Required("Accept.")])
    hidden = HiddenField("Hidden")


@pytest.fixture
def draw(app):
    """Draws a template that sees the components and a form that was sent with these words."""

    def drawn(template: str, **typed: str) -> str:
        with app.test_request_context("/?lang=en", method="POST", data=typed):
            form = Everything()
            form.validate()
            return render_template_string(IMPORT + template, form=form)

    return drawn


def test_a_field_says_hint_and_mistake_and_is_described_by_both(draw):
    page = draw('{{ ch.field(form.name, hint="As it stands.", width="ch-w-l") }}', name="")
    assert '<label class="form-label" for="name">Name</label>' in page
    assert 'aria-describedby="name-hint name-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="name-hint">As it stands.' in page
    assert "Write it." in page
    assert 'autocomplete="name"' in page


def test_what_was_typed_is_shown_again_escaped(draw):
    page = draw(
        "{{ ch.field(form.name) }}{{ ch.field(form.story) }}", name='"><i>', story="</textarea>"
    )
    assert 'value="&#34;&gt;&lt;i&gt;"' in page
    assert page.count("</textarea>") == 1


def test_a_password_is_not_sent_back(draw):
    assert "opensesame" not in draw("{{ ch.field(form.secret) }}", secret="opensesame")


def test_a_field_that_may_stay_empty_says_so(draw):
    assert "(optional)" in draw("{{ ch.field(form.story, optional=true) }}")


def test_a_list_is_a_select(draw):
    page = draw('{{ ch.field(form.country, width="ch-w-m") }}', country="AR")
    assert 'class="form-select ch-w-m"' in page
    assert '<option selected value="AR">' in page


def test_a_box_to_tick_stands_before_its_label(draw):
    page = draw("{{ ch.field(form.accepts) }}")
    assert page.index('type="checkbox"') < page.index('for="accepts"')
    assert "Accept." in page


def test_several_choices_stand_in_one_group(draw):
    page = draw('{{ ch.field(form.pace, hint="Any.") }}', pace="quick")
    assert "<legend>Pace</legend>" in page
    assert page.count('type="radio"') == 2
    assert 'aria-describedby="pace-hint"' in page


def test_the_summary_leads_to_each_mistake(draw):
    page = draw("{{ ch.error_summary(form) }}")
    assert 'role="alert"' in page
    assert all(f'href="#{name}"' in page for name in ("name", "country", "accepts"))
    assert draw("{{ ch.error_summary(form) }}", name="A", country="AR", accepts="y").strip() == ""


@pytest.mark.parametrize(
    ("kind", "look"),
    [("info", "info"), ("ok", "ok"), ("note", "note"), ("warn", "wait"), ("error", "bad")],
)
def test_alerts_and_states_have_a_sign_or_a_word(draw, kind, look):
    page = draw('{% call ch.alert("' + kind + '", "Title") %}<p>Text</p>{% endcall %}')
    assert f'class="ch-alert ch-alert-{look}"' in page
    assert "<svg" in page
    assert f"ch-state-{look}" in draw('{{ ch.state("' + kind + '", "Words") }}')


def test_an_empty_list_says_what_will_stand_there(draw):
    page = draw('{{ ch.empty("Nothing yet", "Courses appear here.", "See", "/courses") }}')
    assert 'href="/courses"' in page
    assert "Nothing yet" in page


def test_crumbs_lead_back(draw):
    page = draw('{{ ch.crumbs([("Courses", "/courses"), ("A & B", "/x")]) }}')
    assert 'href="/courses"' in page
    assert "A &amp; B" in page


def test_every_form_carries_the_token(draw):
    assert 'name="csrf_token" value="' in draw("{{ ch.csrf() }}{{ ch.csrf(form) }}")
