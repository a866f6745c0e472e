"""Every table of the store, imported together so that their metadata is whole."""

from sqlmodel import SQLModel

from crm_tui.data.accounts import Account, FlagChange, Mailbox
from crm_tui.data.conversations import Conversation, FolderCount, Turn, TurnMark
from crm_tui.data.events import Event, EventType
from crm_tui.data.feedback import Feedback
from crm_tui.data.guest_links import CompanyContact, ConversationGuest, GuestApart, GuestMerge
from crm_tui.data.guests import Attribute, Consent, Guest, GuestAttribute, GuestEmail, GuestPhone
from crm_tui.data.handovers import Handover, HandoverLine
from crm_tui.data.inquiries import Inquiry, InquiryCount, InquiryGuest, InquiryHolder
from crm_tui.data.journal import Journal, Undone
from crm_tui.data.lease import Lease
from crm_tui.data.memos import InternalMessage, Memo, Reminder
from crm_tui.data.messages import Attachment, Location, Message, MessageSource, MessageText, ThreadApart, ThreadRef
from crm_tui.data.money import BankLine, Folio, FolioRoute, Posting, ReservationDue, Term
from crm_tui.data.notices import NoticeStop, PaymentNotice
from crm_tui.data.packages import Mailing, MailingItem, Package, PackageGuest
from crm_tui.data.presence import Presence, SavedView
from crm_tui.data.privacy import Erasure, ImportMapping, RetentionKeep, RetentionRule
from crm_tui.data.quality import Compensation, QualityCode, QualityCost, QualityItem
from crm_tui.data.replies import Draft, DraftAttachment, OutboxItem
from crm_tui.data.reservations import (
    Flight,
    Operator,
    Payment,
    Reservation,
    ReservationGuest,
    ReservationHolder,
    ScheduleLine,
)
from crm_tui.data.team import Agent, Department, Property
from crm_tui.data.templates import Template
from crm_tui.data.tickets import RoutingProfile, Ticket, TicketHand
from crm_tui.data.working import IntakePause, TimerSession

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Agent",
    "Attachment",
    "Attribute",
    "BankLine",
    "CompanyContact",
    "Compensation",
    "Consent",
    "Conversation",
    "ConversationGuest",
    "Department",
    "Draft",
    "DraftAttachment",
    "Erasure",
    "Event",
    "EventType",
    "Feedback",
    "FlagChange",
    "Flight",
    "FolderCount",
    "Folio",
    "FolioRoute",
    "Guest",
    "GuestApart",
    "GuestAttribute",
    "GuestEmail",
    "GuestMerge",
    "GuestPhone",
    "Handover",
    "HandoverLine",
    "ImportMapping",
    "Inquiry",
    "InquiryCount",
    "InquiryGuest",
    "InquiryHolder",
    "IntakePause",
    "InternalMessage",
    "Journal",
    "Lease",
    "Location",
    "Mailbox",
    "Mailing",
    "MailingItem",
    "Memo",
    "Message",
    "MessageSource",
    "MessageText",
    "NoticeStop",
    "Operator",
    "OutboxItem",
    "Package",
    "PackageGuest",
    "Payment",
    "PaymentNotice",
    "Posting",
    "Presence",
    "Property",
    "QualityCode",
    "QualityCost",
    "QualityItem",
    "Reminder",
    "Reservation",
    "ReservationDue",
    "ReservationGuest",
    "ReservationHolder",
    "RetentionKeep",
    "RetentionRule",
    "RoutingProfile",
    "SavedView",
    "ScheduleLine",
    "Template",
    "Term",
    "ThreadApart",
    "ThreadRef",
    "Ticket",
    "TicketHand",
    "TimerSession",
    "Turn",
    "TurnMark",
    "Undone",
    "metadata",
]
