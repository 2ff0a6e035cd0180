"""The technician's screen: how the kiosk is, and what can be done about it. It decides nothing."""

from enum import Enum, auto

from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.scrolled  # noqa: F401 its kv class is used in ours
from kiosk.texts import Translate
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger
from kiosk.ui.widgets.push import Push


class Task(Enum):
    """What a button asks for, in the order of the buttons."""

    EXCHANGE = auto()
    EXPORT = auto()
    LOG = auto()
    ADJUST = auto()
    RESTART = auto()
    LEAVE = auto()
    TRAINING = auto()
    CLOSE = auto()
    UPDATE = auto()  # no button of its own: that of the training, while a stick with another version is in


class TaskPush(Push):
    """A button for a task."""

    task = ObjectProperty()


class FactRow(BoxLayout):
    """about: what a line is about. said: what it says."""

    about = StringProperty()
    said = StringProperty()


class TechnicianScreen(BoxLayout, OneFinger):
    """facts: pairs of what a line is about and what it says. advice: what is to be done, or empty. message: what came of the last task,
    or empty.

    busy: while something is done, and nothing can be touched. training: whether votes are kept nowhere now. offered: the version that
    lies on a stick, or empty. Event: `on_task` (task).
    """

    facts = ListProperty()
    advice = StringProperty()
    message = StringProperty()
    busy = BooleanProperty(False)
    training = BooleanProperty(False)
    offered = StringProperty()

    __events__ = ("on_task",)

    def __init__(self, translate: Translate, **properties: object) -> None:
        self.title = translate("Màn hình kỹ thuật")
        super().__init__(**properties)
        words = {
            Task.EXCHANGE: translate("Đồng bộ ngay"),
            Task.ADJUST: translate("Cài đặt máy"),
            Task.EXPORT: translate("Chép ra USB"),
            Task.LOG: translate("Nhật ký"),
            Task.TRAINING: "",
            Task.RESTART: translate("Khởi động lại"),
            Task.LEAVE: translate("Rời kiosk"),
            Task.CLOSE: translate("Đóng"),
        }
        for task in words:
            self.ids.tasks.add_widget(TaskPush(task=task, text=words[task], filled=task is Task.EXCHANGE))
        self._training_words = {False: translate("Chế độ THỬ"), True: translate("Thôi chế độ THỬ")}
        self._update_words = translate("Lên bản {version}")
        self.bind(facts=self._fill, training=self._name_training, offered=self._name_training)
        self._fill()
        self._name_training()

    def under(self, x: float, y: float) -> Widget | None:
        return None if self.busy else next((push for push in self.ids.tasks.children if push.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        self.dispatch("on_task", target.task)

    def on_task(self, task: Task) -> None:
        """A button was touched."""

    def _name_training(self, *_: object) -> None:
        push = next(push for push in self.ids.tasks.children if push.task in (Task.TRAINING, Task.UPDATE))
        offers = bool(self.offered) and not self.training
        push.task, push.filled = (Task.UPDATE, True) if offers else (Task.TRAINING, False)
        push.text = self._update_words.format(version=self.offered) if offers else self._training_words[self.training]

    def _fill(self, *_: object) -> None:
        rows = self.ids.rows
        if len(rows.children) != len(self.facts):
            rows.clear_widgets()
            for _place in self.facts:
                rows.add_widget(FactRow())
        for row, (about, said) in zip(reversed(rows.children), self.facts, strict=True):
            row.about, row.said = about, said


load_beside(__file__)
