"""The mapped classes and their legal transitions."""

from outreach.model.access import Access, LoginBrake, WebSession
from outreach.model.attestation import Attestation
from outreach.model.base import Base
from outreach.model.campaign import Campaign, Folder, Lease, StepState, Worker
from outreach.model.coordinator import Coordinator, TeamRole
from outreach.model.decision import Decision
from outreach.model.hold import Hold, NameKey
from outreach.model.inbound import InboundMessage, MessagePlace
from outreach.model.outbox import Attempt, MailContent, MailEntry, MailProspect, OutboxMail
from outreach.model.prospect import Prospect
from outreach.model.record import BounceScore, Event, EventPayload, LogLink, Pause, Suppression, Wave, WaveLine
from outreach.model.relation import Relation
from outreach.model.revision import Revision
from outreach.model.shelf import QueueShelf
from outreach.model.signatory import Signatory
from outreach.model.tally import Tally
from outreach.model.throttle import Halt, HaltCause, HaltScope, Spent

__all__ = [
    "Access",
    "Attempt",
    "Attestation",
    "Base",
    "BounceScore",
    "Campaign",
    "Coordinator",
    "Decision",
    "Event",
    "EventPayload",
    "Folder",
    "Halt",
    "HaltCause",
    "HaltScope",
    "Hold",
    "InboundMessage",
    "Lease",
    "LogLink",
    "LoginBrake",
    "MailContent",
    "MailEntry",
    "MailProspect",
    "MessagePlace",
    "NameKey",
    "OutboxMail",
    "Pause",
    "Prospect",
    "QueueShelf",
    "Relation",
    "Revision",
    "Signatory",
    "Spent",
    "StepState",
    "Suppression",
    "Tally",
    "TeamRole",
    "Wave",
    "WaveLine",
    "WebSession",
    "Worker",
]
