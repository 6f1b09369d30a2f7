"""Checks of other channels"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("check_document", sa.Column("channel", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("check_document", "channel")
