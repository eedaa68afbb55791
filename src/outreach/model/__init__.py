"""The mapped classes and their legal transitions."""

from outreach.model.attestation import Attestation
from outreach.model.base import Base
from outreach.model.campaign import Campaign, Folder, Lease, StepState, Worker
from outreach.model.coordinator import Coordinator
from outreach.model.inbound import InboundMessage, MessagePlace
from outreach.model.outbox import Attempt, MailEntry, MailProspect, OutboxMail
from outreach.model.prospect import Prospect
from outreach.model.record import Event, Pause, Suppression, Wave, WaveLine
from outreach.model.signatory import Hold, NameKey, Revision, Signatory

__all__ = [
    "Attempt",
    "Attestation",
    "Base",
    "Campaign",
    "Coordinator",
    "Event",
    "Folder",
    "Hold",
    "InboundMessage",
    "Lease",
    "MailEntry",
    "MailProspect",
    "MessagePlace",
    "NameKey",
    "OutboxMail",
    "Pause",
    "Prospect",
    "Revision",
    "Signatory",
    "StepState",
    "Suppression",
    "Wave",
    "WaveLine",
    "Worker",
]
