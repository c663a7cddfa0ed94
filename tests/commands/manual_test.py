"""The text of `--help`, from plain values."""

from mlgen.commands.manual import Page, option, render, summary, table

TEXT = "mlgen do this\nmlgen do that   carefully\n\nDo something. Then\nstop."


def test_a_page_has_its_parts_in_the_order_of_use() -> None:
    page = Page("mlgen do", TEXT, [("[THING]...", "What.")], [("-h, --help", "Help.")], [("sub", "More")])
    assert render(page).split("\n\n") == [
        "Examples:\n  mlgen do this\n  mlgen do that   carefully",
        "Do something. Then stop.",
        "Usage: mlgen do COMMAND [THING]... [OPTIONS]",
        "Commands:\n  sub  More",
        "Arguments:\n  [THING]...  What.",
        "Options:\n  -h, --help  Help.",
    ]


def test_only_titles_are_coloured() -> None:
    page = Page("mlgen do", TEXT, [], [("-h, --help", "Help.")])
    coloured = render(page, color=True)
    assert coloured.replace("\x1b[1m", "").replace("\x1b[0m", "") == render(page)
    assert coloured.startswith("\x1b[1mExamples:\x1b[0m\n")


def test_a_summary_is_the_first_sentence_after_the_examples() -> None:
    assert summary(TEXT) == "Do something"
    assert summary("mlgen do\n\nDo it.") == "Do it"


def test_options_line_up_under_their_long_names() -> None:
    assert option(["--env", "-e"], "ENV") == "-e, --env ENV"
    assert option(["--root"], "DIR") == "    --root DIR"
    assert option(["--force"], None) == "    --force"


def test_a_table_folds_meanings_and_lets_a_long_name_stand_alone() -> None:
    lines = list(table([("short", "word " * 30), ("x" * 40, "meaning")]))
    assert lines[0].startswith(f"  {'short':<28}  word word")
    assert lines[1].startswith(f"  {'':<28}  word")
    assert lines[-2:] == [f"  {'x' * 40}", f"  {'':<28}  meaning"]
    assert max(map(len, lines[:-2])) <= 100
