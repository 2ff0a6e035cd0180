"""How to reach whoever wrote, if they want: silence is no consent (Law 91/2025/QH15), so the box is empty until it is ticked."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

import kiosk.ui.widgets.push
import kiosk.ui.widgets.text_field  # noqa: F401 their kv classes are used in ours
from kiosk.texts import Translate
from kiosk.ui.kv import load_beside


class Tick(Widget):
    """A box beside its sentence; both are touched."""

    touchable = "button"
    box = NumericProperty(64)
    words = StringProperty()
    ticked = BooleanProperty(False)
    pressed = BooleanProperty(False)


class LabelledField(Widget):
    """A field under its label; touched, it is written in."""

    touchable = "button"
    label = StringProperty()
    text = StringProperty()
    pressed = BooleanProperty(False)


class Consent(Widget):
    """ticked: whether name, phone and address may be kept. They are shown only then, and forgotten when it is unticked."""

    upright = BooleanProperty(False)
    touch = NumericProperty(119)
    gap = NumericProperty(20)
    side = NumericProperty(48)
    inner = NumericProperty(1)
    half = NumericProperty(1)
    third = NumericProperty(1)
    abreast = BooleanProperty(False)
    title = StringProperty()
    optional = StringProperty()
    sentence = StringProperty()
    name_label = StringProperty()
    phone_label = StringProperty()
    address_label = StringProperty()
    back = StringProperty()
    send = StringProperty()
    ticked = BooleanProperty(False)
    name = StringProperty()
    phone = StringProperty()
    address = StringProperty()

    def __init__(self, translate: Translate, **properties: object) -> None:
        super().__init__(
            title=translate("Ông/bà có muốn được trả lời không?"),
            optional=translate("Không bắt buộc: có thể gửi góp ý ngay mà không cần cho biết tên."),
            sentence=translate(
                "Tôi đồng ý cho Ủy ban dùng họ tên, số điện thoại, địa chỉ này để liên hệ và giải quyết góp ý. "
                "Tôi có thể rút lại sự đồng ý bất cứ lúc nào."
            ),
            name_label=translate("Họ và tên"),
            phone_label=translate("Số điện thoại"),
            address_label=translate("Địa chỉ"),
            back=translate("Quay lại"),
            send=translate("Gửi góp ý"),
            **properties,
        )

    def on_ticked(self, _: object, ticked: bool) -> None:
        if not ticked:
            self.name = self.phone = self.address = ""

    def fields(self) -> list[Widget]:
        """Name, phone and address, where they can be touched."""
        return [self.ids.name, self.ids.phone, self.ids.address] if self.ticked else []

    def touchables(self) -> list[Widget]:
        """All that can be touched now."""
        return [self.ids.tick, *self.fields(), self.ids.back, self.ids.send]


load_beside(__file__)
