"""Up to when each channel was looked through"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "watermark",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", name=op.f("pk_watermark")),
    )
    op.execute(
        "INSERT INTO watermark (platform, workspace, channel, seen_at)"
        " SELECT platform, workspace, channel, max(created_at) FROM job GROUP BY platform, workspace, channel"
    )
