"""Every table of the store, imported together so that their metadata is whole."""

from sqlmodel import SQLModel

from crm_tui.data.accounts import Account, FlagChange, Mailbox
from crm_tui.data.conversations import Conversation, FolderCount, Turn, TurnMark
from crm_tui.data.guests import Attribute, Consent, Guest, GuestAttribute, GuestEmail, GuestPhone
from crm_tui.data.inquiries import Inquiry, InquiryCount, InquiryGuest
from crm_tui.data.journal import Journal, Undone
from crm_tui.data.lease import Lease
from crm_tui.data.memos import InternalMessage, Memo, Reminder
from crm_tui.data.messages import Attachment, Location, Message, MessageSource, MessageText, ThreadApart, ThreadRef
from crm_tui.data.presence import Presence, SavedView
from crm_tui.data.replies import Draft, DraftAttachment, OutboxItem
from crm_tui.data.team import Agent, Department, Property
from crm_tui.data.templates import Template

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Agent",
    "Attachment",
    "Attribute",
    "Consent",
    "Conversation",
    "Department",
    "Draft",
    "DraftAttachment",
    "FlagChange",
    "FolderCount",
    "Guest",
    "GuestAttribute",
    "GuestEmail",
    "GuestPhone",
    "Inquiry",
    "InquiryCount",
    "InquiryGuest",
    "InternalMessage",
    "Journal",
    "Lease",
    "Location",
    "Mailbox",
    "Memo",
    "Message",
    "MessageSource",
    "MessageText",
    "OutboxItem",
    "Presence",
    "Property",
    "Reminder",
    "SavedView",
    "Template",
    "ThreadApart",
    "ThreadRef",
    "Turn",
    "TurnMark",
    "Undone",
    "metadata",
]
