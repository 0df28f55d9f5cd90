"""Which kind of file something is, by what is in it and never by its name."""

import re
import zipfile
from io import BytesIO

from coursehub.foundation.language import _
from coursehub.questions.formats.taking import Unreadable

# Here and below nothing is tried in every grouping (*+, ?>): a file could be made to take hours.
ROOT = re.compile(
    r"\s*+(?>(?:<\?[^>]*>|<!--(?>.*?-->)|<![A-Z][^>\[]*+(?>\[[^\]]*\])?[^>]*+>)\s*)*+"
    r"<(?:[\w-]+:)?([\w.-]+)",
    re.DOTALL,
)
AIKEN_KEY = re.compile(r"^[ \t]*+ANSWER[ \t]*+:[ \t]*+\S", re.MULTILINE | re.IGNORECASE)
AIKEN_ANSWER = re.compile(r"^[ \t]*+[A-Za-z][.)][ \t]++\S", re.MULTILINE)
EMBEDDED = re.compile(r"\{\s*+\d*+\s*+:\s*+[A-Z_]++\s*+:")
MISSING_WORD = re.compile(r"\{\s*+[=~][^{}]*~\d{1,3}%\w")
GIFT = re.compile(r"^[ \t]*+(?://|::|\$CATEGORY:)|(?<!\\)\{", re.MULTILINE)

MOODLE_XML = {"quiz", "question"}
# Kinds that are known and not read, by the first element of their XML.
XML_KINDS = {
    "questestinterop": "IMS QTI 1.2",
    "assessmentItem": "IMS QTI 2",
    "assessmentTest": "IMS QTI 2",
    "assessmentSection": "IMS QTI 2",
    "assessmentResult": "IMS QTI 2",
    "qti-assessment-item": "IMS QTI 3",
    "qti-assessment-test": "IMS QTI 3",
    "qti-assessment-section": "IMS QTI 3",
    "qti-assessment-stimulus": "IMS QTI 3",
    "POOL": "Blackboard pool",
    "MOODLE_BACKUP": "Moodle backup",
    "moodle_backup": "Moodle backup",
    "question_categories": "Moodle backup",
    "manifest": "IMS content package",
    "examview": "ExamView",
    "html": "HTML page",
}
# The same by a member of a ZIP archive; the first that is there counts.
ZIP_KINDS = (
    ("[Content_Types].xml", ""),
    ("word/document.xml", "Word document (DOCX)"),
    ("ppt/presentation.xml", "PowerPoint presentation (PPTX)"),
    ("content.xml", "OpenDocument file"),
    ("moodle_backup.xml", "Moodle backup"),
    ("h5p.json", "H5P"),
    ("cmi5.xml", "cmi5 package"),
    ("imsmanifest.xml", "IMS content package (QTI, Common Cartridge or SCORM)"),
)
STARTS = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "old Excel or Word file (XLS, DOC)"),
    (b"\x1f\x8b", "Moodle backup or another compressed archive"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3", "SQLite database"),
)


def not_read(kind: str) -> Unreadable:
    """What is said of a file of a kind that is not read."""
    read = "GIFT, Moodle XML, Aiken, XLSX, CSV"
    return Unreadable(
        _(
            "%(kind)s: files of this kind are not read; these are: %(read)s",
            kind=kind,
            read=read,
        )
    )


def kind_of_bytes(content: bytes) -> str | None:
    """`xlsx`, or None for what must be a text. Unreadable by its name for anything else."""
    for start, name in STARTS:
        if content.startswith(start):
            raise not_read(name)
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content)
    return None


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable(_("a ZIP archive that is damaged")) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise not_read(
        next((kind for name, kind in ZIP_KINDS if kind and name in names), "ZIP archive")
    )


def decoded(content: bytes) -> tuple[str, bool]:
    """A file's text with plain line ends, and whether its encoding was guessed."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _lines(content.decode(name, "replace")), False
    try:
        return _lines(content.decode()), False
    except UnicodeDecodeError:
        pass
    named = re.search(rb"^<\?xml[^>]*encoding=[\"']([\w.-]+)", content[:200])
    if named and named[1].lower() in (b"iso-8859-1", b"iso-8859-15", b"windows-1252"):
        return _lines(content.decode(named[1].decode(), "replace")), False
    return _lines(content.decode("cp1252", "replace")), True


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").lstrip("\ufeff")


def kind_of_text(text: str) -> str:
    """`moodle_xml`, `aiken` or `gift`. Unreadable by its name for anything else."""
    if not text.strip(" \t\n\ufeff"):
        raise Unreadable(_("the file is empty"))
    if text.lstrip().startswith("<"):
        root = (ROOT.match(text) or ("", ""))[1]
        if root in MOODLE_XML:
            return "moodle_xml"
        if root in XML_KINDS or text.lstrip().startswith(("<?xml", "<!DOCTYPE")):
            raise not_read(XML_KINDS.get(root, f"XML <{root[:40]}>"))
    if text.lstrip().startswith(("[", "{")) and text.rstrip().endswith(("]", "}")) and '":' in text:
        raise not_read("JSON")
    return _kind_of_words(text)


def _kind_of_words(text: str) -> str:
    is_gift = GIFT.search(text) is not None
    if AIKEN_KEY.search(text) and AIKEN_ANSWER.search(text):
        return "aiken"
    if "::" not in text and EMBEDDED.search(text):
        raise not_read("Moodle embedded answers (Cloze)")
    if "::" not in text and MISSING_WORD.search(text):
        raise not_read("Moodle missing word")
    if re.match(r"(?:#.*\n|\s)*questions:\s*\n", text):
        raise not_read("YAML")
    if is_gift:
        return "gift"
    first = text.lstrip().partition("\n")[0]
    if max(first.count(sign) for sign in ",;\t") > 1:
        raise not_read(_("CSV without the columns of our spreadsheet"))
    raise not_read(_("text of an unknown kind"))
