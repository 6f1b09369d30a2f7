"""Standing checks of channels"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("job", sa.Column("watch", sa.Integer(), nullable=True))
    op.create_index("ix_job_watch_id", "job", ["watch", "id"])
    place = ("platform", "workspace", "channel")
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in place),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("creator", sa.String(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("told_until", sa.Float(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint(*place, "number", name=op.f("uq_watch_platform_workspace_channel_number")),
        sa.UniqueConstraint(*place, "message", name=op.f("uq_watch_platform_workspace_channel_message")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watch_state_due_at", "watch", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("watch")
    op.drop_index("ix_job_watch_id", "job")
    op.drop_column("job", "watch")
