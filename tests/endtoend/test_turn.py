"""What follows the answer, in the real window with a real pointer, and no server."""

import time

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from sync.sealing import Written, unseal
from tests.endtoend.conftest import SEALING
from tests.endtoend.journal import said
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import Kiosk

pytestmark = pytest.mark.endtoend

# Places on a display of 1280 × 800.
ATTITUDE, LATE, WAITING = (190, 420), (1090, 420), (190, 560)
BESIDE_LATE = (1200, 400)
MISTAKEN = (405, 700)
LANGUAGE = (1215, 75)
WRITE, KEY_H, KEY_I, GO_ON, SEND = (500, 700), (660, 410), (910, 310), (1020, 100), (850, 700)
WHITE = (255, 255, 255)


def test_reasons_are_kept_with_the_vote_when_the_turn_is_done(kiosk: Kiosk) -> None:
    kiosk.answer(satisfied=False)
    for place in (WAITING, LATE, ATTITUDE, LATE):
        kiosk.display.tap(*place)
    kiosk.finish()
    kiosk.wait_for_question()
    [vote], [reasons] = said(kiosk, "vote"), said(kiosk, "reasons")
    assert (reasons["vote"], reasons["reasons"]) == (vote["id"], ["waiting", "attitude"])


def test_a_mistake_is_mended_on_the_same_vote(kiosk: Kiosk) -> None:
    kiosk.answer(satisfied=False)
    kiosk.display.tap(*MISTAKEN)
    wait_until(lambda: bool(said(kiosk, "change")), "the change is in the journal")
    kiosk.finish()
    [vote], [change] = said(kiosk, "vote"), said(kiosk, "change")
    assert (vote["rating"], change["rating"], change["vote"]) == ("dissatisfied", "satisfied", vote["id"])


def test_reasons_of_a_turn_that_a_signal_ends_are_kept(kiosk: Kiosk) -> None:
    kiosk.answer(satisfied=True)
    assert kiosk.display.pixel(*BESIDE_LATE) == WHITE
    kiosk.display.tap(*LATE)
    wait_until(lambda: kiosk.display.pixel(*BESIDE_LATE) != WHITE, "the reason is chosen")
    assert kiosk.stop() == 0
    assert [entry["reasons"] for entry in said(kiosk, "reasons")] == [["simple"]]


def test_the_other_language_is_one_touch_away_and_gone_with_the_turn(kiosk: Kiosk) -> None:
    vietnamese = picture(kiosk.display)
    kiosk.display.tap(*LANGUAGE)
    wait_until(lambda: difference(picture(kiosk.display), vietnamese) > 1, "the screen speaks English")
    kiosk.vote(satisfied=True)
    kiosk.wait_for_question()
    wait_until(lambda: difference(picture(kiosk.display), vietnamese) == 0, "the screen speaks Vietnamese again")


def test_a_comment_is_sealed_with_the_vote_and_its_number_is_shown(kiosk: Kiosk) -> None:
    kiosk.answer(satisfied=False)
    kiosk.display.tap(*WRITE)
    wait_until(lambda: kiosk.display.pixel(*KEY_H) == WHITE, "the keyboard is shown")
    for key in (KEY_H, KEY_I) * 4:
        kiosk.display.tap(*key)
    kiosk.display.tap(*GO_ON)
    wait_until(lambda: kiosk.display.pixel(*KEY_H) != WHITE, "consent is asked for")
    kiosk.display.tap(*SEND)
    wait_until(lambda: bool(said(kiosk, "comment")), "the comment is in the journal")
    [vote], [comment] = said(kiosk, "vote"), said(kiosk, "comment")
    assert comment["vote"] == vote["id"]
    sealed = (kiosk.data / "sealed" / comment["sealed"]).read_bytes()
    assert unseal(sealed, SEALING) == Written(text="Hihihihi", language="vi")
    assert not [file for file in kiosk.data.rglob("*") if file.is_file() and b"ihihih" in file.read_bytes()]
    kiosk.display.tap(640, 700)
    kiosk.wait_for_question()


def test_from_two_metres_nobody_can_tell_which_answer_was_given(kiosk: Kiosk) -> None:
    seen = []
    for satisfied in (True, False):
        kiosk.answer(satisfied=satisfied)
        time.sleep(5.5)  # “Bấm nhầm?” is gone
        seen.append(from_two_metres(kiosk.display))
        kiosk.finish()
    assert differ_in_colour(*seen) < 0.5
    assert difference(*seen) < 4


def test_control_from_two_metres_the_question_is_not_like_the_reasons_and_the_answers_not_like_each_other(kiosk: Kiosk) -> None:
    question = from_two_metres(kiosk.display)
    kiosk.answer(satisfied=True)
    assert difference(question, from_two_metres(kiosk.display)) > 12
    left, right = (question.crop((x, 60, x + 114, 150)) for x in (10, 132))
    assert differ_in_colour(left, right) > 5


def picture(display: VirtualDisplay) -> Image.Image:
    """What is shown when nothing moves."""
    display.wait_until_still()
    return display.picture()


def from_two_metres(display: VirtualDisplay) -> Image.Image:
    """What is shown, at a fifth of its size, and words as the grey that they are from afar."""
    image = picture(display)
    return image.resize((image.width // 5, image.height // 5), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(6))


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures differ on the average of all pixels and colours, of 255."""
    mean = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(mean) / len(mean)


def differ_in_colour(one: Image.Image, other: Image.Image) -> float:
    """How much the mean of red, green or blue differs, of 255."""
    return max(abs(a - b) for a, b in zip(ImageStat.Stat(one).mean, ImageStat.Stat(other).mean, strict=True))
