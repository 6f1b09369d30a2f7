"""Deliveries: what each job owes its thread"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_delivery_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_job_id", "delivery", ["job_id"])
    # Jobs that an earlier version left unfinished owe what they have not shown.
    op.execute(
        "INSERT INTO delivery (job_id, kind, state, message, created_at)"
        " SELECT id, CASE WHEN post IS NULL THEN 'post' ELSE 'edit' END, 'due', post, created_at"
        " FROM job WHERE state = 'answered' OR (state = 'waiting' AND post IS NULL)"
    )
