"""Forgetting: revisions of jobs, which message each file and each quoted word came from, and ids never to be claimed"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("job", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("forgotten_at", sa.Float(), nullable=True))
    op.add_column("document", sa.Column("message", sa.String(), nullable=False, server_default=""))
    for name in ("attachment", "message", "author", "digest"):
        op.add_column("check_document", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_job_platform_asker"), "job", ["platform", "asker"])
    op.create_index(op.f("ix_job_created_at"), "job", ["created_at"])
    op.create_index(op.f("ix_document_attachment"), "document", ["attachment"])
    op.create_index(op.f("ix_document_message"), "document", ["message"])
    op.create_index(op.f("ix_check_document_attachment"), "check_document", ["attachment"])
    op.create_index(op.f("ix_check_document_message"), "check_document", ["message"])
    op.create_table(
        "source",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_source_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "message", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_message"), "source", ["message"])
    op.create_table(
        "tombstone",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", "message", name=op.f("pk_tombstone")),
    )


def downgrade() -> None:
    for table in ("tombstone", "source"):
        op.drop_table(table)
    for table, column in (
        ("check_document", "message"),
        ("check_document", "attachment"),
        ("document", "message"),
        ("document", "attachment"),
        ("job", "created_at"),
        ("job", "platform_asker"),
    ):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    for name in ("attachment", "message", "author", "digest"):
        op.drop_column("check_document", name)
    op.drop_column("document", "message")
    op.drop_column("job", "forgotten_at")
    op.drop_column("job", "revision")
