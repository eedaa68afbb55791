"""All tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mails_queued", sa.Integer(), nullable=False),
        sa.Column("key_check_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("origins_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("waiting_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("paper_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beacon", sa.String(length=32), nullable=True),
        sa.Column("next_beacon", sa.String(length=32), nullable=True),
        sa.Column("lit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("displaced_by", sa.String(length=300), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("ref", name=op.f("uq_campaign_ref")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaign_slug")),
    )
    op.create_table(
        "coordinator",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinator")),
        sa.UniqueConstraint("name", name=op.f("uq_coordinator_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_coordinator_ref")),
    )
    op.create_table(
        "access",
        sa.Column("coordinator_id", sa.Integer(), nullable=False),
        sa.Column("password_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("recovery", sa.JSON(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(), nullable=True),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["coordinator_id"], ["coordinator.id"], name=op.f("fk_access_coordinator_id_coordinator")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
        sa.UniqueConstraint("coordinator_id", name=op.f("uq_access_coordinator_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_access_link_hash")),
        sa.UniqueConstraint("ref", name=op.f("uq_access_ref")),
    )
    op.create_table(
        "web_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("coordinator_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coordinator_id"], ["coordinator.id"], name=op.f("fk_web_session_coordinator_id_coordinator")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index(op.f("ix_web_session_coordinator_id"), "web_session", ["coordinator_id"])
    op.create_table(
        "login_brake",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_login_brake")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("via", sa.String(length=80), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_subject"), ["subject"], unique=False)

    op.create_table(
        "event_payload",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_payload_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_payload")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_payload_event_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_event_payload_ref")),
    )
    op.create_table(
        "log_link",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_link")),
        sa.UniqueConstraint("event_id", name=op.f("uq_log_link_event_id")),
    )
    op.create_table(
        "folder",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("next_uid", sa.BigInteger(), nullable=False),
        sa.Column("older", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_folder")),
    )
    op.create_table(
        "outbox_mail",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recipient_hash", sa.LargeBinary(), nullable=False),
        sa.Column("meant_for_hash", sa.LargeBinary(), nullable=False),
        sa.Column("destination_hash", sa.LargeBinary(), nullable=False),
        sa.Column("message_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("message_id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("head_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("relay", sa.String(length=20), nullable=True),
        sa.Column("was_in_doubt", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requeued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("cause", name=op.f("uq_outbox_mail_cause")),
        sa.UniqueConstraint("message_id_hash", name=op.f("uq_outbox_mail_message_id_hash")),
        sa.UniqueConstraint("ref", name=op.f("uq_outbox_mail_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_outbox_mail_reference")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_mail_meant_for_hash_created_at", ["meant_for_hash", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_outbox_mail_recipient_hash"), ["recipient_hash"], unique=False)
        batch_op.create_index(
            "ix_outbox_mail_status_next_attempt_at", ["status", "next_attempt_at", "priority"], unique=False
        )
        waiting = sa.text("status IN ('queued', 'deferred')")
        batch_op.create_index(
            "ix_outbox_mail_waiting",
            ["priority", "id"],
            unique=False,
            sqlite_where=waiting,
            postgresql_where=waiting,
        )

    op.create_table(
        "mail_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["outbox_mail.id"], name=op.f("fk_mail_content_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_content")),
        sa.UniqueConstraint("ref", name=op.f("uq_mail_content_ref")),
    )
    op.create_table(
        "prospect",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("import_key", sa.LargeBinary(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_hash", sa.LargeBinary(), nullable=True),
        sa.Column("domain_hash", sa.LargeBinary(), nullable=True),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect")),
        sa.UniqueConstraint("import_key", name=op.f("uq_prospect_import_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_prospect_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_prospect_reference")),
    )
    with op.batch_alter_table("prospect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prospect_domain_hash"), ["domain_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_prospect_email_hash"), ["email_hash"], unique=False)
        batch_op.create_index("ix_prospect_status_id", ["status", "id"], unique=False)

    op.create_table(
        "step_state",
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("refused_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("step", name=op.f("pk_step_state")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_at_work", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "worker",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
        sa.UniqueConstraint("address_hash", "reason", name=op.f("uq_pause_address_hash_reason")),
    )
    op.create_table(
        "halt",
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("relay", sa.String(length=20), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halt")),
        sa.UniqueConstraint("ref", name=op.f("uq_halt_ref")),
        sa.UniqueConstraint("scope", "key_hash", "relay", name=op.f("uq_halt_scope_key_hash_relay")),
    )
    op.create_table(
        "bounce_score",
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_bounce_score")),
    )
    op.create_table(
        "spent",
        sa.Column("relay", sa.String(length=20), nullable=False),
        sa.Column("bucket", sa.String(length=80), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("relay", "bucket", "slot", name=op.f("pk_spent")),
    )
    op.create_table(
        "tally",
        sa.Column("counted", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("counted", "slot", name=op.f("pk_tally")),
    )
    op.create_table(
        "wave",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("statement_version", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.JSON(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_wave")),
        sa.UniqueConstraint("manifest_sha256", name=op.f("uq_wave_manifest_sha256")),
    )
    op.create_table(
        "attempt",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("enhanced", sa.String(length=12), nullable=True),
        sa.Column("fault", sa.String(length=16), nullable=True),
        sa.Column("relay", sa.String(length=20), nullable=True),
        sa.Column("server", sa.String(length=255), nullable=True),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_attempt_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("ref", name=op.f("uq_attempt_ref")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_mail_id"), ["mail_id"], unique=False)

    op.create_table(
        "inbound_message",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(32), nullable=True),
        sa.Column("refiled_as", sa.String(32), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("auth_result", sa.String(32), nullable=False),
        sa.Column("reading_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sender_hash", sa.LargeBinary(), nullable=True),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("in_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("message_id_hash", sa.LargeBinary(), nullable=True),
        sa.Column("sent_by_us", sa.Boolean(), nullable=False),
        sa.Column("copy_of_id", sa.Integer(), nullable=True),
        sa.Column("answers_message_id", sa.Integer(), nullable=True),
        sa.Column("is_question", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["answers_id"], ["outbox_mail.id"], name=op.f("fk_inbound_message_answers_id")),
        sa.ForeignKeyConstraint(
            ["answers_message_id"], ["inbound_message.id"], name=op.f("fk_inbound_message_answers_message_id")
        ),
        sa.ForeignKeyConstraint(["copy_of_id"], ["outbox_mail.id"], name=op.f("fk_inbound_message_copy_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_inbound_message_content_hash")),
        sa.UniqueConstraint("ref", name=op.f("uq_inbound_message_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_inbound_message_reference")),
    )
    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_message_answers_id"), ["answers_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_message_answers_message_id"), ["answers_message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_message_copy_of_id"), ["copy_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_message_message_id_hash"), ["message_id_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_message_sender_hash"), ["sender_hash"], unique=False)
        batch_op.create_index("ix_inbound_message_status_arrived_at", ["status", "arrived_at", "id"], unique=False)
        batch_op.create_index("ix_inbound_message_status_id", ["status", "id"], unique=False)
        batch_op.create_index("ix_inbound_message_is_question_id", ["is_question", "id"], unique=False)
        batch_op.create_index("ix_inbound_message_sent_by_us_arrived_at", ["sent_by_us", "arrived_at"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["inbound_message.id"], name=op.f("fk_suppression_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("address_hash", "scope", name=op.f("uq_suppression_address_hash_scope")),
    )
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppression_message_id"), ["message_id"], unique=False)

    op.create_table(
        "mail_prospect",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("prospect_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_mail_prospect_mail_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospect.id"], name=op.f("fk_mail_prospect_prospect_id")),
        sa.PrimaryKeyConstraint("mail_id", "prospect_id", name=op.f("pk_mail_prospect")),
    )
    with op.batch_alter_table("mail_prospect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_prospect_prospect_id"), ["prospect_id"], unique=False)

    op.create_table(
        "signatory",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("individual", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_hash", sa.LargeBinary(), nullable=True),
        sa.Column("prospect_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("via_prospect_id", sa.Integer(), nullable=True),
        sa.Column("via_signatory_id", sa.Integer(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["merged_into_id"], ["signatory.id"], name=op.f("fk_signatory_merged_into_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospect.id"], name=op.f("fk_signatory_prospect_id")),
        sa.ForeignKeyConstraint(["via_prospect_id"], ["prospect.id"], name=op.f("fk_signatory_via_prospect_id")),
        sa.ForeignKeyConstraint(["via_signatory_id"], ["signatory.id"], name=op.f("fk_signatory_via_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
        sa.UniqueConstraint("ref", name=op.f("uq_signatory_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_signatory_reference")),
    )
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.create_index("ix_signatory_created_at", ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatory_contact_hash"), ["contact_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatory_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatory_prospect_id"), ["prospect_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatory_via_prospect_id"), ["via_prospect_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatory_via_signatory_id"), ["via_signatory_id"], unique=False)

    op.create_table(
        "hold",
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.String(length=80), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_hold_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("ref", name=op.f("uq_hold_ref")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index("ix_hold_kind_placed_at", ["kind", "placed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_signatory_id"), ["signatory_id"], unique=False)

    op.create_table(
        "message_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=255), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.Column("marked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["inbound_message.id"], name=op.f("fk_message_place_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_place")),
        sa.UniqueConstraint("folder", "uidvalidity", "uid", name=op.f("uq_message_place_folder_uidvalidity_uid")),
    )
    with op.batch_alter_table("message_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_place_message_id"), ["message_id"], unique=False)

    op.create_table(
        "name_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("prospect_id", sa.Integer(), nullable=True),
        sa.Column("signatory_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospect.id"], name=op.f("fk_name_key_prospect_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_name_key_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_key")),
    )
    with op.batch_alter_table("name_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_key_key_hash"), ["key_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_key_prospect_id"), ["prospect_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_key_signatory_id"), ["signatory_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("lines_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("proof", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
        sa.Column("shown_in_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("reject_reason", sa.String(32), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["inbound_message.id"], name=op.f("fk_revision_message_id")),
        sa.ForeignKeyConstraint(["shown_in_id"], ["outbox_mail.id"], name=op.f("fk_revision_shown_in_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_revision_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("ref", name=op.f("uq_revision_ref")),
        sa.UniqueConstraint("signatory_id", "number", name=op.f("uq_revision_signatory_id_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_revision_status_created_at", ["status", "created_at"], unique=False)
        batch_op.create_index(
            "ix_revision_status_signatory_id_created_at", ["status", "signatory_id", "created_at"], unique=False
        )
        batch_op.create_index("ix_revision_decided_at", ["decided_at"], unique=False)

    op.create_table(
        "queue_shelf",
        sa.Column("terms_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_shelf")),
        sa.UniqueConstraint("ref", name=op.f("uq_queue_shelf_ref")),
    )
    op.create_table(
        "relation",
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["signatory.id"], name=op.f("fk_relation_other_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_relation_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint("ref", name=op.f("uq_relation_ref")),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_signatory_id"), ["signatory_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_decision_mail_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_decision_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_signatory_id"), ["signatory_id"], unique=False)

    op.create_table(
        "attestation",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("spoken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("list_hash", sa.LargeBinary(), nullable=True),
        sa.Column("attested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attested_by", sa.String(length=80), nullable=False),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("countersigned_by", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_attestation_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
        sa.UniqueConstraint("ref", name=op.f("uq_attestation_ref")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_attestation_revision_id")),
    )
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attestation_list_hash"), ["list_hash"], unique=False)

    op.create_table(
        "mail_entry",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_mail_entry_mail_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_mail_entry_revision_id")),
        sa.PrimaryKeyConstraint("mail_id", "number", name=op.f("pk_mail_entry")),
    )
    with op.batch_alter_table("mail_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_entry_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "wave_line",
        sa.Column("wave_number", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_wave_line_revision_id")),
        sa.ForeignKeyConstraint(["wave_number"], ["wave.number"], name=op.f("fk_wave_line_wave_number")),
        sa.PrimaryKeyConstraint("wave_number", "revision_id", name=op.f("pk_wave_line")),
    )
    with op.batch_alter_table("wave_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wave_line_revision_id"), ["revision_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wave_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wave_line_revision_id"))

    op.drop_table("wave_line")
    with op.batch_alter_table("mail_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_entry_revision_id"))

    op.drop_table("mail_entry")
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attestation_list_hash"))

    op.drop_table("attestation")
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relation_signatory_id"))
        batch_op.drop_index(batch_op.f("ix_relation_other_id"))

    op.drop_table("relation")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_signatory_id"))
        batch_op.drop_index(batch_op.f("ix_decision_mail_id"))

    op.drop_table("decision")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index("ix_revision_status_signatory_id_created_at")
        batch_op.drop_index("ix_revision_status_created_at")
        batch_op.drop_index(batch_op.f("ix_revision_message_id"))

    op.drop_table("revision")
    op.drop_table("queue_shelf")
    with op.batch_alter_table("name_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_name_key_signatory_id"))
        batch_op.drop_index(batch_op.f("ix_name_key_prospect_id"))
        batch_op.drop_index(batch_op.f("ix_name_key_key_hash"))

    op.drop_table("name_key")
    with op.batch_alter_table("message_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_place_message_id"))

    op.drop_table("message_place")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hold_signatory_id"))
        batch_op.drop_index("ix_hold_kind_placed_at")

    op.drop_table("hold")
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signatory_via_signatory_id"))
        batch_op.drop_index(batch_op.f("ix_signatory_via_prospect_id"))
        batch_op.drop_index(batch_op.f("ix_signatory_prospect_id"))
        batch_op.drop_index(batch_op.f("ix_signatory_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_signatory_contact_hash"))

    op.drop_table("signatory")
    with op.batch_alter_table("mail_prospect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_prospect_prospect_id"))

    op.drop_table("mail_prospect")
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suppression_message_id"))

    op.drop_table("suppression")
    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_message_is_question_id")
        batch_op.drop_index("ix_inbound_message_sent_by_us_arrived_at")
        batch_op.drop_index("ix_inbound_message_status_id")
        batch_op.drop_index("ix_inbound_message_status_arrived_at")
        batch_op.drop_index(batch_op.f("ix_inbound_message_sender_hash"))
        batch_op.drop_index(batch_op.f("ix_inbound_message_message_id_hash"))
        batch_op.drop_index(batch_op.f("ix_inbound_message_copy_of_id"))
        batch_op.drop_index(batch_op.f("ix_inbound_message_answers_message_id"))
        batch_op.drop_index(batch_op.f("ix_inbound_message_answers_id"))

    op.drop_table("inbound_message")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_mail_id"))
        batch_op.drop_index(batch_op.f("ix_attempt_at"))

    op.drop_table("attempt")
    op.drop_table("wave")
    op.drop_table("tally")
    op.drop_table("spent")
    op.drop_table("bounce_score")
    op.drop_table("halt")
    op.drop_table("pause")
    op.drop_table("worker")
    op.drop_table("lease")
    op.drop_table("step_state")
    with op.batch_alter_table("prospect", schema=None) as batch_op:
        batch_op.drop_index("ix_prospect_status_id")
        batch_op.drop_index(batch_op.f("ix_prospect_domain_hash"))
        batch_op.drop_index(batch_op.f("ix_prospect_email_hash"))

    op.drop_table("prospect")
    op.drop_table("mail_content")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_mail_waiting")
        batch_op.drop_index("ix_outbox_mail_status_next_attempt_at")
        batch_op.drop_index(batch_op.f("ix_outbox_mail_recipient_hash"))
        batch_op.drop_index("ix_outbox_mail_meant_for_hash_created_at")

    op.drop_table("outbox_mail")
    op.drop_table("folder")
    op.drop_table("log_link")
    op.drop_table("event_payload")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_subject"))

    op.drop_table("event")
    op.drop_table("login_brake")
    op.drop_table("web_session")
    op.drop_table("access")
    op.drop_table("coordinator")
    op.drop_table("campaign")
