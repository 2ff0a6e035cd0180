"""A user's own account: another password."""

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from server.record.keeping import Action, note


@method_decorator(sensitive_post_parameters(), name="dispatch")
class OwnPassword(PasswordChangeView):
    """Change the password, knowing the old one; other sessions of the user end."""

    template_name = "results/password.html"
    success_url = reverse_lazy("password")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Keep it, and keep in the record that it was changed."""
        response = super().form_valid(form)
        request: HttpRequest = self.request
        note(request, Action.CHANGE, "", f"user-{request.user.pk}", "mật khẩu")
        messages.success(request, "Đã đổi mật khẩu. Các phiên đăng nhập khác của ông/bà đã kết thúc.")
        return response
