"""Signing in, in a window, with somebody else than the ledger who answers: what is answered depends on the PIN.

Each sentence that is shown then is printed, and `on_leave`. `python -m tests.endtoend.signing_window`
"""

from concurrent.futures import Future

from kiosk.signing import Answer, NotHere, Paused, SignedIn, Wrong
from kiosk.texts import translator
from kiosk.ui.window import prepare
from sync.wire import Officer

ANSWERS: dict[str, Answer] = {"0000": SignedIn(), "1111": Wrong(1), "2222": Paused(61.0), "3333": NotHere()}


class Answering:
    """`kiosk.signing.Duties`: a PIN that is not in ANSWERS reaches no disk."""

    officer = None
    may_sign_in = [Officer("o-1", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch")]

    def sign_in(self, officer: str, pin: str) -> Future[Answer]:
        answered: Future[Answer] = Future()
        if pin in ANSWERS:
            answered.set_result(ANSWERS[pin])
        else:
            answered.set_exception(OSError("a full disk"))
        return answered

    def sign_out(self) -> Future[None]:
        gone: Future[None] = Future()
        gone.set_result(None)
        return gone


def main() -> None:
    prepare(None)
    from kiosk.ui.app import FullWindow
    from kiosk.ui.signing import Signing

    app = FullWindow(closable=False)
    signing = Signing(Answering(), translator("vi"))
    signing.begin()
    signing.screen.bind(message=lambda _, words: print("message", words, flush=True), on_leave=lambda _: print("on_leave", flush=True))
    app.open(signing.screen)


if __name__ == "__main__":
    main()
