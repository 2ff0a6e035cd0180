"""What a password must be: Django's rules, told in Vietnamese (its own catalogue leaves half of them in English)."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)


class UnlikeTheUser(UserAttributeSimilarityValidator):
    """Not a variation of the user's names."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return "Mật khẩu quá giống tên đăng nhập hoặc họ tên. Xin chọn mật khẩu khác."

    def get_help_text(self) -> str:
        """The rule."""
        return "Mật khẩu không được giống tên đăng nhập hoặc họ tên."


class LongEnough(MinimumLengthValidator):
    """Not short."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return f"Mật khẩu quá ngắn. Xin nhập ít nhất {self.min_length} ký tự."

    def get_help_text(self) -> str:
        """The rule."""
        return f"Mật khẩu có ít nhất {self.min_length} ký tự."


class Uncommon(CommonPasswordValidator):
    """Not among the 20,000 that are tried first."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return "Mật khẩu này nhiều người dùng, dễ bị đoán. Xin chọn mật khẩu khác."

    def get_help_text(self) -> str:
        """The rule."""
        return "Mật khẩu không được là mật khẩu nhiều người dùng."


class NotOnlyDigits(NumericPasswordValidator):
    """Not a telephone number or a date."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return "Mật khẩu chỉ gồm chữ số, dễ bị đoán. Xin thêm chữ."

    def get_help_text(self) -> str:
        """The rule."""
        return "Mật khẩu không được chỉ gồm chữ số."
