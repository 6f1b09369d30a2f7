"""What questions took of the engine, and days that were begun anew"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("job", sa.Column("engine_seconds", sa.Float(), server_default="0", nullable=False))
    op.create_table(
        "quota_reset",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "subject", name=op.f("pk_quota_reset")),
    )
