"""What one replica hears and others have to know"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("job", sa.Column("explainer", sa.String(), nullable=True))
    place = ("platform", "workspace", "channel", "message")
    op.create_table(
        "told",
        *(sa.Column(name, sa.String(), nullable=False) for name in place),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint(*place, name=op.f("pk_told")),
    )
    op.create_table(
        "forgotten",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("threads", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("forgotten")
    op.drop_table("told")
    op.drop_column("job", "explainer")
