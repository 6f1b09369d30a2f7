"""Checks: the plan of each check of a channel, and its documents"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "check_plan",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_check_plan_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_check_plan")),
    )
    op.create_table(
        "check_document",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("judged", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["check_plan.job_id"], name=op.f("fk_check_document_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_check_document")),
    )


def downgrade() -> None:
    for table in ("check_document", "check_plan"):
        op.drop_table(table)
