"""Pages on which a camera may be used: everywhere else the browser refuses it, whoever asks."""

from flask import Response


def with_camera(response: Response) -> Response:
    """The same answer, on whose page our own script may ask for the camera."""
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response
