"""Secrets that lie in files, as systemd's credentials and the agents of vaults hand them over."""

import pytest

from app import config

KEY, TOKEN = "k" * 40, "t" * 30


def load(tmp_path, **environ):
    return config.load({"CVMS_INSTANCE": str(tmp_path)} | environ)


def file_of(tmp_path, text):
    path = tmp_path / "secret"
    path.write_text(text)
    return str(path)


@pytest.mark.once
def test_each_secret_may_be_the_path_of_a_file(tmp_path):
    (tmp_path / "key").write_text(KEY + "\n")
    (tmp_path / "url").write_text("postgresql://cvms:secret@db.example/cvms\n")
    (tmp_path / "token").write_text(TOKEN)
    settings = load(
        tmp_path, SECRET_KEY_FILE=str(tmp_path / "key"), DATABASE_URL_FILE=str(tmp_path / "url"),
        METRICS_TOKEN_FILE=str(tmp_path / "token"),
    )  # fmt: skip
    assert settings.secret_key == KEY
    assert settings.database_url == "postgresql://cvms:secret@db.example/cvms"
    assert settings.metrics_token == TOKEN


@pytest.mark.once
@pytest.mark.parametrize("name", config.SECRETS)
def test_a_file_that_is_not_there_or_empty_stops_the_program_with_its_name(tmp_path, name):
    for path in (str(tmp_path / "nowhere"), str(tmp_path), file_of(tmp_path, " \n"), ""):
        with pytest.raises(config.BadSetting, match=f"{name}_FILE"):
            load(tmp_path, **{f"{name}_FILE": path})


@pytest.mark.once
def test_a_secret_that_is_set_twice_stops_the_program(tmp_path):
    with pytest.raises(config.BadSetting, match="SECRET_KEY and SECRET_KEY_FILE"):
        load(tmp_path, SECRET_KEY=KEY, SECRET_KEY_FILE=file_of(tmp_path, KEY))


@pytest.mark.once
def test_what_is_said_of_a_bad_secret_never_holds_it(tmp_path):
    with pytest.raises(config.BadSetting) as told:
        load(tmp_path, SECRET_KEY_FILE=file_of(tmp_path, "hunter2"))
    assert "hunter2" not in str(told.value)
