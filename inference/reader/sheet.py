"""A page made ready for questions: every cell with the labels and values in it, and the tables they stand in. Pure."""

from functools import cached_property

from inference.reader.cells import DATA, Cell, Table, column_of
from inference.reader.lexicon import labels
from inference.reader.page import Page
from inference.reader.tables import tables
from inference.reader.values import values
from inference.reader.words import is_han, words

__all__ = ["DATA", "Cell", "Sheet", "Table", "column_of"]

COLUMN = 28
"""Characters of a line in a column of prose, at least."""


class Sheet:
    """A page's cells by row, and its tables."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows: tuple[tuple[Cell, ...], ...] = tuple(
            tuple(
                Cell(line, page.sha256, number, column, labels(line.text), values(line.text))
                for column, line in enumerate(row.cells)
            )
            for number, row in enumerate(page.rows)
        )

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for row in self.rows for cell in row)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word on the page, folded."""
        return frozenset(word.text for cell in self.cells for word in words(cell.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """What the rows of tables are about: the text of their cells, where it is several words and no figure."""
        return frozenset(
            cell.text.strip()
            for table in self.tables
            for row in self.rows[table.body : table.last + 1]
            for cell in row
            if not cell.is_figure and _is_phrase(cell.text)
        )

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        return tuple(tables(self.rows))

    def table_of(self, row: int) -> Table | None:
        return next((table for table in self.tables if table.head <= row <= table.last), None)

    def heads(self, cell: Cell) -> tuple[Cell, ...]:
        """The cells that name the column in which this one stands."""
        table = self.table_of(cell.row)
        if table is None or cell.row < table.body:
            return ()
        named = [column_of(cell.box, self.rows[row]) for row in range(table.head, table.body)]
        return tuple(head for head in named if head is not None)

    def row_text(self, row: int) -> str:
        return " | ".join(cell.text for cell in self.rows[row])

    def is_prose(self, row: int) -> bool:
        """Whether the row is no row but lines of two columns of prose that happen to stand level."""
        return sum(len(cell.text) >= COLUMN for cell in self.rows[row]) > 1 and self.table_of(row) is None

    def gap_above(self, row: int) -> float:
        """White between this row and the one above, in line heights."""
        if row == 0:
            return 99.0
        above, here = self.rows[row - 1], self.rows[row]
        bottom, top = max(cell.box.bottom for cell in above), min(cell.box.top for cell in here)
        return (top - bottom) / max(1.0, self.page.text_height)


def _is_phrase(text: str) -> bool:
    return len(text.split()) > 1 or (is_han(text) and len(text.strip()) > 2)
