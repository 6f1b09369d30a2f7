"""Threads of what checks looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("check_document", sa.Column("root", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("check_document", "root")
