"""What several people do at the same moment."""

import threading


def at_once(database, *acts):
    """Run acts with transactions of their own, begun together; returns what each raised (None: it ended well)."""
    start, ended = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        start.wait()
        try:
            with database.transaction() as own:
                act(own)
        except Exception as error:
            ended[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def ends(database, *acts):
    """The same, as the sorted names of what was raised; "done" for what ended well."""
    return sorted("done" if error is None else type(error).__name__ for error in at_once(database, *acts))
