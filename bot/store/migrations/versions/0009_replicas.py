"""Several processes on one database"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("thread", sa.Column("owner", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_thread_owner"), "thread", ["owner"])
    op.add_column("job", sa.Column("stopping", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "replica",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replica")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "picture",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("put_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture")),
    )


def downgrade() -> None:
    op.drop_table("picture")
    op.drop_table("replica")
    op.drop_column("job", "stopping")
    op.drop_index(op.f("ix_thread_owner"), "thread")
    op.drop_column("thread", "owner")
