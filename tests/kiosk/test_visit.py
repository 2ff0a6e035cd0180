"""One citizen's turn."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any
from uuid import UUID

import pytest

from kiosk.touch import Chip, Control, Target
from kiosk.visit import Pace, Screen, Visit
from kiosk.vote import ContactDetails, Rating

YES, NO = Rating.SATISFIED, Rating.DISSATISFIED
LATE, WAITING = Chip("late"), Chip("waiting")
DONE, MISTAKEN, LANGUAGE, WRITE, OFFICER = Control.DONE, Control.MISTAKEN, Control.LANGUAGE, Control.WRITE, Control.OFFICER


class Disk:
    """Keeps what a turn says, in order; `finish` makes the last of it durable, `fail` loses it."""

    def __init__(self) -> None:
        self.said: list[tuple[object, ...]] = []
        self._last: Future[Any] = Future()
        self._result: UUID | str | None = None

    def vote(self, rating: Rating) -> Future[UUID]:
        return self._take(UUID(int=len(self.said)), "vote", rating)

    def change(self, vote: UUID, rating: Rating) -> Future[None]:
        return self._take(None, "change", vote, rating)

    def reasons(self, vote: UUID, reasons: Sequence[str]) -> Future[None]:
        return self._take(None, "reasons", vote, *reasons)

    def comment(self, vote: UUID, text: str, contact: ContactDetails | None, language: str) -> Future[str]:
        return self._take("AB12-CD34", "comment", vote, text, contact, language)

    def link(self, vote: UUID) -> Future[str]:
        self.asked = vote
        self.linked = Future[str]()
        return self.linked

    def finish(self) -> None:
        self._last.set_result(self._result)

    def fail(self) -> None:
        self._last.set_exception(OSError("full"))

    def _take(self, result: UUID | str | None, *said: object) -> Future[Any]:
        self.said.append(said)
        self._last, self._result = Future(), result
        return self._last


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def visit(disk: Disk) -> Visit:
    return Visit(disk, ["vi", "en", "km"], Pace(thanks=4, sorry=10, idle=20))


def screen(visit: Visit) -> Screen:
    """What is shown now."""
    return visit.screen


def tap(visit: Visit, target: Target, touch: object = "finger") -> None:
    visit.touch_down(touch, target)
    visit.touch_up(touch, target)


def voted(visit: Visit, disk: Disk, rating: Rating = NO, at: float = 0) -> UUID:
    """One who has answered, and is asked why; their vote."""
    visit.tick(at)
    tap(visit, rating)
    vote = UUID(int=len(disk.said) - 1)
    disk.finish()
    visit.tick(at)
    assert visit.screen is Screen.WHY
    return vote


# --- the answer ------------------------------------------------------------------------------------------------------


def test_a_tap_is_a_vote(visit: Visit, disk: Disk) -> None:
    tap(visit, NO)
    assert disk.said == [("vote", NO)]


def test_nothing_follows_before_the_vote_is_durable(visit: Visit, disk: Disk) -> None:
    tap(visit, YES)
    visit.tick(60)
    assert screen(visit) is Screen.ASK
    disk.finish()
    visit.tick(61)
    assert screen(visit) is Screen.WHY


def test_a_vote_that_reached_no_disk_is_apologised_for(visit: Visit, disk: Disk) -> None:
    tap(visit, YES)
    disk.fail()
    visit.tick(1)
    assert screen(visit) is Screen.SORRY
    visit.tick(10.9)
    assert screen(visit) is Screen.SORRY
    visit.tick(11)
    assert screen(visit) is Screen.ASK


def test_what_is_drawn_ahead_is_what_comes(visit: Visit, disk: Disk) -> None:
    tap(visit, NO)
    ahead = visit.ahead
    disk.finish()
    visit.tick(0)
    assert visit.shown == ahead


def test_votes_in_quick_succession_are_all_kept(visit: Visit, disk: Disk) -> None:
    for turn in range(20):
        voted(visit, disk, YES, at=10.0 * turn)
        tap(visit, DONE)
        visit.tick(10.0 * turn + 4)
    assert disk.said == [("vote", YES)] * 20


# --- what acts -------------------------------------------------------------------------------------------------------


def test_sliding_off_cancels(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, None)
    assert disk.said == []
    assert visit.press is None


def test_sliding_to_the_other_answer_cancels(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_up(1, NO)
    assert disk.said == []


def test_a_second_finger_does_nothing(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES)
    visit.touch_down(2, NO)
    visit.touch_up(2, NO)
    assert disk.said == []
    visit.touch_up(1, YES)
    assert disk.said == [("vote", YES)]


def test_the_same_touch_delivered_twice_counts_once(visit: Visit, disk: Disk) -> None:
    visit.touch_down("finger", YES)
    visit.touch_down("finger as mouse", YES)
    visit.touch_up("finger", YES)
    visit.touch_up("finger as mouse", YES)
    assert disk.said == [("vote", YES)]


def test_a_reason_delivered_twice_stays_chosen(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    visit.touch_down("finger", LATE)
    visit.touch_down("finger as mouse", LATE)
    visit.touch_up("finger", LATE)
    visit.touch_up("finger as mouse", LATE)
    assert visit.chosen == ("late",)


def test_impatient_taps_while_saving_do_nothing(visit: Visit, disk: Disk) -> None:
    for touch in range(5):
        tap(visit, YES, touch)
    assert disk.said == [("vote", YES)]


@pytest.mark.parametrize("target", [YES, NO, LATE, DONE, MISTAKEN])
def test_a_touch_that_began_on_the_screen_before_does_not_act(visit: Visit, disk: Disk, target: Target) -> None:
    visit.touch_down(1, YES)
    visit.touch_down(2, target)
    visit.touch_up(1, YES)
    disk.finish()
    visit.tick(0)
    visit.touch_up(2, target)
    assert (screen(visit), visit.chosen, disk.said) == (Screen.WHY, (), [("vote", YES)])


@pytest.mark.parametrize("target", [YES, NO])
def test_answers_do_not_act_while_asked_why_nor_while_thanked(visit: Visit, disk: Disk, target: Target) -> None:
    voted(visit, disk)
    tap(visit, target)
    tap(visit, DONE)
    tap(visit, target)
    assert screen(visit) is Screen.THANKS
    assert len(disk.said) == 1


def test_the_pressed_answer_stays_pressed_until_it_is_durable(visit: Visit, disk: Disk) -> None:
    tap(visit, NO)
    assert visit.press is not None
    assert visit.press.target is NO
    disk.finish()
    visit.tick(0)
    assert visit.press is None


def test_the_second_tap_of_an_impatient_finger_chooses_nothing(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES, (300, 300))
    visit.touch_up(1, YES)
    disk.finish()
    visit.tick(2)
    visit.touch_down(2, LATE, (330, 310))
    visit.touch_up(2, LATE)
    assert visit.chosen == ()


def test_where_no_tap_led_to_a_screen_a_quick_finger_acts_anywhere(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    visit.tick(2)
    visit.touch_down(1, WRITE, (300, 300))
    visit.touch_up(1, WRITE)
    visit.send("Cảm ơn", None)
    disk.finish()
    visit.tick(3)
    visit.touch_down(2, DONE, (300, 300))
    assert visit.press is not None


def test_a_quick_finger_elsewhere_and_a_later_one_there_choose(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, YES, (300, 300))
    visit.touch_up(1, YES)
    disk.finish()
    visit.tick(2)
    visit.touch_down(2, LATE, (500, 300))
    visit.touch_up(2, LATE)
    visit.tick(2.5)
    visit.touch_down(3, WAITING, (300, 300))
    visit.touch_up(3, WAITING)
    assert visit.chosen == ("late", "waiting")


# --- why -------------------------------------------------------------------------------------------------------------


def test_reasons_are_chosen_and_unchosen_by_a_tap_and_kept_in_the_order_of_the_taps(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk)
    for target in (WAITING, LATE, Chip("attitude"), LATE):
        tap(visit, target)
    assert visit.chosen == ("waiting", "attitude")
    tap(visit, DONE)
    assert disk.said[1:] == [("reasons", vote, "waiting", "attitude")]


def test_further_reasons_are_turned_to_on_the_second_screen_only_and_each_citizen_begins_with_the_first(visit: Visit, disk: Disk) -> None:
    tap(visit, Control.MORE)
    assert visit.turned == 0
    voted(visit, disk)
    tap(visit, WAITING)
    tap(visit, Control.MORE)
    assert (visit.turned, visit.chosen) == (1, ("waiting",))
    visit.begin_again()
    voted(visit, disk, at=60)
    assert visit.turned == 0


def test_who_gives_a_reason_is_thanked_when_it_is_durable(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, LATE)
    tap(visit, DONE)
    visit.tick(1)
    assert screen(visit) is Screen.WHY
    disk.finish()
    visit.tick(2)
    assert screen(visit) is Screen.THANKS


def test_who_gives_no_reason_is_thanked_at_once(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, DONE)
    assert screen(visit) is Screen.THANKS
    assert len(disk.said) == 1


def test_reasons_that_reach_no_disk_are_apologised_for(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, LATE)
    tap(visit, DONE)
    disk.fail()
    visit.tick(1)
    assert screen(visit) is Screen.SORRY


def test_the_thanks_stay_as_long_as_set_and_the_question_returns(visit: Visit, disk: Disk) -> None:
    voted(visit, disk, at=10)
    tap(visit, DONE)
    visit.tick(13.9)
    assert screen(visit) is Screen.THANKS
    visit.tick(14)
    assert screen(visit) is Screen.ASK


def test_the_reasons_of_one_citizen_are_not_the_next_ones(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, LATE)
    tap(visit, DONE)
    disk.finish()
    visit.tick(1)
    visit.tick(5)
    voted(visit, disk, at=6)
    assert visit.chosen == ()


# --- a comment -------------------------------------------------------------------------------------------------------


def test_a_comment_goes_with_the_vote_and_its_number_is_shown_when_it_is_durable(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk)
    tap(visit, WRITE)
    assert screen(visit) is Screen.COMMENT
    visit.send("Xin cho biết trước giấy tờ cần mang theo.", None)
    assert disk.said[1:] == [("comment", vote, "Xin cho biết trước giấy tờ cần mang theo.", None, "vi")]
    visit.tick(1)
    assert screen(visit) is Screen.COMMENT
    disk.finish()
    visit.tick(2)
    assert (screen(visit), visit.reference) == (Screen.NOTED, "AB12-CD34")
    tap(visit, DONE)
    assert screen(visit) is Screen.THANKS


def test_the_link_for_a_telephone_is_asked_for_when_somebody_would_write_and_keeps_nobody_waiting(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk)
    assert visit.link == ""
    tap(visit, WRITE)
    assert (screen(visit), visit.link, disk.asked) == (Screen.COMMENT, "", vote)
    disk.linked.set_result("HTTPS://HAILONG.TINH.GOV.VN/G/1")
    assert visit.link == "HTTPS://HAILONG.TINH.GOV.VN/G/1"


def test_the_next_citizen_is_not_shown_the_link_of_the_one_before(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, WRITE)
    disk.linked.set_result("HTTPS://HAILONG.TINH.GOV.VN/G/1")
    visit.begin_again()
    assert visit.link == ""


def test_who_would_rather_not_write_goes_back_to_the_reasons_chosen_before(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, LATE)
    tap(visit, WRITE)
    visit.back()
    assert (screen(visit), visit.chosen) == (Screen.WHY, ("late",))


def test_reasons_chosen_before_writing_are_kept_when_the_turn_ends(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk)
    tap(visit, LATE)
    tap(visit, WRITE)
    visit.send("Chờ hai giờ.", None)
    disk.finish()
    visit.tick(1)
    tap(visit, DONE)
    assert disk.said[-1] == ("reasons", vote, "late")


def test_a_comment_that_reaches_no_disk_is_apologised_for(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, WRITE)
    visit.send("Chờ hai giờ.", None)
    disk.fail()
    visit.tick(1)
    assert screen(visit) is Screen.SORRY


def test_a_comment_is_sent_once_however_often_it_is_asked(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, WRITE)
    visit.send("Chờ hai giờ.", None)
    visit.send("Chờ hai giờ.", None)
    disk.finish()
    visit.tick(1)
    visit.send("Chờ hai giờ.", None)
    assert len(disk.said) == 2


def test_who_writes_has_more_time_and_words_that_were_not_sent_are_not_kept(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, WRITE)
    visit.tick(40)
    visit.touched()
    visit.tick(99.9)
    assert screen(visit) is Screen.COMMENT
    visit.tick(100)
    assert (screen(visit), len(disk.said)) == (Screen.THANKS, 1)


# --- without a touch -------------------------------------------------------------------------------------------------


def test_without_a_touch_the_turn_ends_and_keeps_the_reasons(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk)
    tap(visit, LATE)
    visit.tick(19.9)
    assert len(disk.said) == 1
    visit.tick(20)
    assert disk.said[1:] == [("reasons", vote, "late")]
    disk.finish()
    visit.tick(20.1)
    assert screen(visit) is Screen.THANKS


def test_the_last_seconds_of_a_turn_are_counted_down(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    visit.tick(9.9)
    assert visit.countdown is None
    visit.tick(11)
    assert visit.countdown == 9


def test_they_are_counted_down_while_a_comment_is_written_and_any_touch_goes_on(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, WRITE)
    visit.tick(39.9)
    assert visit.countdown is None
    visit.tick(50)
    assert visit.countdown == 10
    visit.touched()
    assert visit.countdown is None


def test_they_are_counted_down_under_the_number_of_a_comment(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, WRITE)
    visit.send("x", None)
    disk.finish()
    visit.tick(0)
    visit.tick(12)
    assert (screen(visit), visit.countdown) == (Screen.NOTED, 8)


def test_nothing_is_counted_down_on_the_question_and_the_thanks(visit: Visit, disk: Disk) -> None:
    visit.tick(1000)
    assert visit.countdown is None
    voted(visit, disk, at=1000)
    visit.leave()
    assert visit.countdown is None


def test_how_long_it_has_rested_is_told_and_nothing_after_a_touch_which_is_no_vote(visit: Visit, disk: Disk) -> None:
    visit.closed = True
    visit.tick(20)
    visit.tick(150)
    assert (screen(visit), visit.resting_seconds) == (Screen.REST, 130)
    tap(visit, YES)
    assert (screen(visit), visit.resting_seconds, disk.said) == (Screen.ASK, 0, [])


def test_any_touch_gives_the_whole_time_again(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    visit.tick(19)
    visit.touch_down(1, None)
    visit.touch_up(1, None)
    assert visit.idle_seconds == 20
    visit.tick(38.9)
    assert screen(visit) is Screen.WHY
    visit.tick(39)
    assert screen(visit) is Screen.THANKS


def test_a_finger_that_rests_on_a_button_keeps_the_turn_open(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    visit.touch_down(1, LATE)
    visit.tick(60)
    visit.touch_up(1, LATE)
    assert visit.chosen == ("late",)


def test_a_screen_that_fails_leads_back_to_the_question_and_the_reasons_are_kept(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk)
    tap(visit, LATE)
    visit.begin_again()
    assert (screen(visit), disk.said[1:]) == (Screen.ASK, [("reasons", vote, "late")])


def test_a_screen_that_fails_while_a_vote_is_saved_does_not_lose_or_repeat_it(visit: Visit, disk: Disk) -> None:
    tap(visit, YES)
    visit.begin_again()
    disk.finish()
    visit.tick(1)
    assert (screen(visit), disk.said) == (Screen.ASK, [("vote", YES)])


def test_the_end_of_the_program_keeps_the_reasons(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk)
    tap(visit, LATE)
    visit.leave()
    assert disk.said[1:] == [("reasons", vote, "late")]


def test_the_end_of_the_program_on_another_screen_says_nothing(visit: Visit, disk: Disk) -> None:
    visit.leave()
    assert (screen(visit), disk.said) == (Screen.ASK, [])


# --- “Bấm nhầm?” -----------------------------------------------------------------------------------------------------


def test_a_mistake_is_mended_on_the_same_vote_and_other_reasons_are_offered(visit: Visit, disk: Disk) -> None:
    vote = voted(visit, disk, NO)
    tap(visit, LATE)
    tap(visit, MISTAKEN)
    assert disk.said[1:] == [("change", vote, YES)]
    disk.finish()
    visit.tick(1)
    assert visit.shown == (Screen.WHY, YES)
    assert visit.chosen == ()


def test_nothing_looks_mended_before_it_is_durable(visit: Visit, disk: Disk) -> None:
    voted(visit, disk, NO)
    tap(visit, MISTAKEN)
    visit.tick(1)
    assert visit.shown == (Screen.WHY, NO)
    assert visit.ahead == (Screen.WHY, YES)


def test_a_mistake_can_be_mended_for_five_seconds(visit: Visit, disk: Disk) -> None:
    voted(visit, disk, at=100)
    visit.tick(104.9)
    assert 0 < visit.mend_seconds < 0.2
    visit.tick(105)
    tap(visit, MISTAKEN)
    assert len(disk.said) == 1


def test_and_once(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, MISTAKEN)
    disk.finish()
    visit.tick(1)
    tap(visit, MISTAKEN)
    assert len(disk.said) == 2


def test_on_a_slow_disk_no_change_comes_too_late_to_count(visit: Visit, disk: Disk) -> None:
    tap(visit, NO)
    visit.tick(8)
    disk.finish()
    visit.tick(8)
    assert visit.mend_seconds == 1
    visit.tick(9)
    tap(visit, MISTAKEN)
    assert len(disk.said) == 1


def test_a_change_that_reaches_no_disk_is_apologised_for(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    tap(visit, MISTAKEN)
    disk.fail()
    visit.tick(1)
    assert screen(visit) is Screen.SORRY


# --- languages -------------------------------------------------------------------------------------------------------


def test_the_language_button_goes_through_all_languages(visit: Visit) -> None:
    seen = []
    for _ in range(4):
        seen.append((visit.language, visit.next_language))
        tap(visit, LANGUAGE)
    assert seen == [("vi", "en"), ("en", "km"), ("km", "vi"), ("vi", "en")]


def test_the_language_stays_for_the_turn_and_is_vietnamese_again_after_it(visit: Visit, disk: Disk) -> None:
    tap(visit, LANGUAGE)
    voted(visit, disk)
    assert visit.language == "en"
    tap(visit, DONE)
    assert visit.language == "en"
    visit.tick(4)
    assert visit.language == "vi"


def test_who_changes_the_language_and_leaves_has_changed_it_for_nobody_else(visit: Visit) -> None:
    visit.tick(1)
    tap(visit, LANGUAGE)
    visit.tick(20.9)
    assert visit.language == "en"
    visit.tick(21)
    assert visit.language == "vi"


# --- while the unit is closed ----------------------------------------------------------------------------------------


def test_while_the_unit_is_closed_the_question_rests_when_nobody_touches_it(visit: Visit) -> None:
    visit.tick(1)
    visit.closed = True
    visit.touch_down(1, None)
    visit.tick(20.9)
    assert screen(visit) is Screen.ASK
    visit.tick(21)
    assert screen(visit) is Screen.REST


def test_a_finger_wakes_it_and_is_no_vote(visit: Visit, disk: Disk) -> None:
    visit.closed = True
    visit.tick(20)
    tap(visit, YES)
    assert (screen(visit), disk.said) == (Screen.ASK, [])
    tap(visit, YES, "another finger")
    assert disk.said == [("vote", YES)]


def test_it_wakes_when_the_unit_opens(visit: Visit) -> None:
    visit.closed = True
    visit.tick(20)
    visit.closed = False
    visit.tick(21)
    assert screen(visit) is Screen.ASK


def test_a_turn_is_not_cut_short_by_closing_time(visit: Visit, disk: Disk) -> None:
    voted(visit, disk)
    visit.closed = True
    visit.tick(5)
    assert screen(visit) is Screen.WHY


# --- officers --------------------------------------------------------------------------------------------------------


def test_holding_the_officers_card_leads_to_signing_in_and_a_short_touch_does_nothing(visit: Visit) -> None:
    visit.tick(10)
    tap(visit, OFFICER)
    visit.tick(13)
    assert screen(visit) is Screen.ASK
    visit.touch_down(1, OFFICER)
    visit.tick(14.9)
    assert screen(visit) is Screen.ASK
    visit.tick(15)
    assert screen(visit) is Screen.SIGN_IN


def test_who_walks_away_from_signing_in_leaves_the_question(visit: Visit, disk: Disk) -> None:
    visit.touch_down(1, OFFICER)
    visit.tick(2)
    visit.touch_up(1, OFFICER)
    visit.tick(61.9)
    assert screen(visit) is Screen.SIGN_IN
    visit.tick(62)
    assert (screen(visit), disk.said) == (Screen.ASK, [])
