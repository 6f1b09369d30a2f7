"""The tables. Times are Unix seconds; a page's bytes lie in the picture folder under their SHA-256."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

thread = Table(
    "thread",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("root", String, nullable=False),
    # Jobs up to this one belong to an earlier talk, where a person began anew in a place without threads.
    Column("opening", Integer, nullable=False, server_default="0"),
    # The replica that answers in it; none does where it is null.
    Column("owner", Integer),
    UniqueConstraint("platform", "workspace", "channel", "root"),
    Index("ix_thread_owner", "owner"),
    sqlite_autoincrement=True,
)

# A process that serves this database. Where there are several, each thread is one's alone.
replica = Table(
    "replica",
    metadata,
    Column("id", Integer, primary_key=True),
    # That it serves, parted by blanks.
    Column("platforms", String, nullable=False, server_default=""),
    # Goes up as long as it lives.
    Column("beats", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

job = Table(
    "job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id", ondelete="CASCADE"), nullable=False),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("message", String, nullable=False),
    Column("asker", String, nullable=False),
    Column("incoming", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("mode", String),
    Column("context", Text, nullable=False, server_default=""),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("post", String),
    Column("answer", Text),
    Column("reasoning", Text, nullable=False, server_default=""),
    Column("notes", Text, nullable=False, server_default="[]"),
    # Null for the reply to a command, which is no part of the talk.
    Column("finish", String),
    Column("engine_seconds", Float, nullable=False, server_default="0"),
    # That a check read, and those that were forgotten; all others are rows.
    Column("pages_read", Integer, nullable=False, server_default="0"),
    Column("created_at", Float, nullable=False),
    Column("ended_at", Float),
    # Rises whenever the question is edited or what it is about deleted: what was begun before is out of date.
    Column("revision", Integer, nullable=False, server_default="0"),
    # From then on the row holds ids and figures alone.
    Column("forgotten_at", Float),
    # Somebody wants it stopped whom another replica than its own heard.
    Column("stopping", Boolean, nullable=False, server_default=false()),
    # Who wants to hear how the answer came to be, of which its own replica alone knows.
    Column("explainer", String),
    # The standing check that the job belongs to; null for what people ask.
    Column("watch", Integer),
    # A redelivered or twin event loses against the first.
    UniqueConstraint("platform", "workspace", "channel", "message"),
    Index("ix_job_thread_id_id", "thread_id", "id"),
    Index("ix_job_state", "state"),
    Index("ix_job_platform_asker", "platform", "asker"),
    Index("ix_job_created_at", "created_at"),
    Index("ix_job_watch_id", "watch", "id"),
    # A number that stands in a button is never given again.
    sqlite_autoincrement=True,
)

# A message of somebody's whose words stand in a job's context or quotes.
source = Table(
    "source",
    metadata,
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("message", String, primary_key=True),
    Column("author", String, nullable=False),
    Index("ix_source_message", "message"),
)


def _of_messages(name: str) -> Table:
    """Messages of which something is known, with or without a job, and since when."""
    place = (Column(part, String, primary_key=True) for part in ("platform", "workspace", "channel", "message"))
    return Table(name, metadata, *place, Column("at", Float, nullable=False))


# A message that was deleted before we saw it is never claimed.
tombstone = _of_messages("tombstone")

# A message whose author was told something in private, by whichever replica heard it first.
told = _of_messages("told")

# What went, for replicas that hold something of it in memory: ids of threads and digests of pictures, in JSON. A row is
# kept for an hour.
forgotten = Table(
    "forgotten",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("threads", Text, nullable=False),
    Column("pictures", Text, nullable=False),
    Column("at", Float, nullable=False),
    sqlite_autoincrement=True,
)

watermark = Table(
    "watermark",
    metadata,
    Column("platform", String, primary_key=True),
    Column("workspace", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("seen_at", Float, nullable=False),
)

quota_reset = Table(
    "quota_reset",
    metadata,
    Column("platform", String, primary_key=True),
    Column("workspace", String, primary_key=True),
    # channel:ID or user:ID
    Column("subject", String, primary_key=True),
    Column("at", Float, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("message", String),
    Column("reason", String, nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    Column("ended_at", Float),
    Index("ix_delivery_job_id", "job_id"),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id", ondelete="CASCADE"), nullable=False),
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    # How people address it: #1, #2, … A file that gave no page has no number.
    Column("number", Integer),
    Column("attachment", String, nullable=False),
    Column("name", String, nullable=False),
    Column("fate", String, nullable=False),
    Column("reason", Text, nullable=False),
    # The message that the file hangs on.
    Column("message", String, nullable=False, server_default=""),
    UniqueConstraint("thread_id", "attachment"),
    UniqueConstraint("thread_id", "number"),
    Index("ix_document_job_id", "job_id"),
    Index("ix_document_attachment", "attachment"),
    Index("ix_document_message", "message"),
)

page = Table(
    "page",
    metadata,
    Column("document_id", ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Index("ix_page_sha256", "sha256"),
)

# The bytes of pages, where replicas share them: on PostgreSQL.
picture = Table(
    "picture",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("put_at", Float, nullable=False),
)

# What a check took out of a document: the same bytes, asked the same by the same engine, are not read again.
reading = Table(
    "reading",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("prompt", String(64), primary_key=True),
    Column("engine", String, primary_key=True),
    Column("pages", Integer, nullable=False),
    Column("fate", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("extraction", Text, nullable=False),
    Column("thumbnail", LargeBinary, nullable=False),
    Column("look", String, nullable=False),
    Column("created_at", Float, nullable=False),
)

check_plan = Table(
    "check_plan",
    metadata,
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    # A large check waits for a click.
    Column("confirmed", Boolean, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("left_out", Text, nullable=False),
)

check_document = Table(
    "check_document",
    metadata,
    Column("job_id", ForeignKey("check_plan.job_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("found", Text, nullable=False),
    # Null until it has been looked at.
    Column("judged", Text),
    # Where it is from, and the SHA-256 of its bytes once they are known.
    Column("attachment", String, nullable=False, server_default=""),
    Column("message", String, nullable=False, server_default=""),
    Column("author", String, nullable=False, server_default=""),
    Column("digest", String, nullable=False, server_default=""),
    # Where the message stands, if not in the job's channel; and the root of its thread.
    Column("channel", String, nullable=False, server_default=""),
    Column("root", String, nullable=False, server_default=""),
    Index("ix_check_document_attachment", "attachment"),
    Index("ix_check_document_message", "message"),
)

# A standing check of a channel.
watch = Table(
    "watch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("channel", String, nullable=False),
    # How people of the channel address it.
    Column("number", Integer, nullable=False),
    # The message that asked for it, so that a twin of it asks for nothing more.
    Column("message", String, nullable=False),
    Column("creator", String, nullable=False),
    # In JSON, for what they may do.
    Column("author", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("schedule", String, nullable=False),
    Column("state", String, nullable=False),
    # What was posted before is not looked at.
    Column("since", Float, nullable=False),
    # Digests have told of what was taken up until then; the next is due.
    Column("told_until", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    UniqueConstraint("platform", "workspace", "channel", "number"),
    UniqueConstraint("platform", "workspace", "channel", "message"),
    Index("ix_watch_state_due_at", "state", "due_at"),
    sqlite_autoincrement=True,
)
