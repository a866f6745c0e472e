"""The lease that lets exactly one engine work on a store (SPEC §16)."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Lease(SQLModel, table=True):
    """Who holds what; ``token`` rises with every takeover and fences off a holder that came back from the dead."""

    name: str = Field(primary_key=True)
    holder: str
    token: int
    renewed: int = Field(
        default=0, description="counts the holder's signs of life; a clock is not needed to see it stand still"
    )
    expires_at: datetime
