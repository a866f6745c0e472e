"""Every table of the store, imported together so that their metadata is whole."""

from sqlmodel import SQLModel

from crm_tui.data.accounts import Account, FlagChange, Mailbox
from crm_tui.data.conversations import Conversation, FolderCount, Turn, TurnMark
from crm_tui.data.journal import Journal
from crm_tui.data.lease import Lease
from crm_tui.data.messages import Attachment, Location, Message, MessageSource, MessageText, ThreadRef
from crm_tui.data.replies import Draft, DraftAttachment, OutboxItem
from crm_tui.data.team import Agent, Property
from crm_tui.data.templates import Template

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Agent",
    "Attachment",
    "Conversation",
    "Draft",
    "DraftAttachment",
    "FlagChange",
    "FolderCount",
    "Journal",
    "Lease",
    "Location",
    "Mailbox",
    "Message",
    "MessageSource",
    "MessageText",
    "OutboxItem",
    "Property",
    "Template",
    "ThreadRef",
    "Turn",
    "TurnMark",
    "metadata",
]
