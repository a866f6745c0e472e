"""The form kit: labelled rows with errors at their field, for 80 columns and more."""

from crm_tui.widgets.forms.address_field import AddressField, Completions
from crm_tui.widgets.forms.addresses import Typed, is_address, read_addresses, write_address
from crm_tui.widgets.forms.choice import CheckField, Choice, ChoiceField, ManyField
from crm_tui.widgets.forms.day import DayField
from crm_tui.widgets.forms.field import Field
from crm_tui.widgets.forms.form import Form, shelf
from crm_tui.widgets.forms.lines import LinesField
from crm_tui.widgets.forms.pick import PickField
from crm_tui.widgets.forms.text import FixedField, NumberField, PasswordField, TextField

__all__ = [
    "AddressField",
    "CheckField",
    "Choice",
    "ChoiceField",
    "Completions",
    "DayField",
    "Field",
    "FixedField",
    "Form",
    "LinesField",
    "ManyField",
    "NumberField",
    "PasswordField",
    "PickField",
    "TextField",
    "Typed",
    "is_address",
    "read_addresses",
    "shelf",
    "write_address",
]
