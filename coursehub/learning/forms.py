"""What people ask of a course."""

from wtforms import SearchField

from coursehub.foundation.forms import Form, at_most
from coursehub.foundation.language import _l


class SearchForm(Form):
    """Words to look for in a course: sent in the address, so that the result can be shared."""

    class Meta:
        csrf = False  # it changes nothing

    q = SearchField(_l("Search in this course"), [at_most(200)])
