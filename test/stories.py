"""What the tests of test/e2e share."""
import time


def equal(got, wanted):
    assert got == wanted, "got %r instead of %r" % (got, wanted)


def until(condition, what, seconds=15):
    """Waits; `what`, a text or what makes one, says what is wrong when that takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what() if callable(what) else what
        time.sleep(0.03)
