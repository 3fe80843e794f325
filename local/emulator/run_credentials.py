"""The credentials of a run of the emulator: the root user's, given by who starts it, and the functions'."""

import hashlib
import hmac
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class RunCredentials:
    access_key_id: str
    secret_access_key: str


def adopt(run: RunCredentials) -> None:
    """Makes the run's key the root user's in ministack, which verifies presigned links and forms once more.

    Functions get this process's environment, but with the credentials of their own role in these variables.
    """
    os.environ |= {"AWS_ACCESS_KEY_ID": run.access_key_id, "AWS_SECRET_ACCESS_KEY": run.secret_access_key}


def hide_function_credentials(run: RunCredentials) -> None:
    """Derives the functions' credentials from the run's secret: ministack makes them of names, which can be guessed."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc, sts

    def execution_credentials(config: dict) -> dict[str, str]:
        arn, role = config["FunctionArn"], config["Role"]

        def derived(purpose: str) -> str:
            text = f"{purpose}:{arn}:{role}".encode()
            return hmac.new(run.secret_access_key.encode(), text, hashlib.sha256).hexdigest()

        access_key_id, secret, token = f"ASIA{derived('id')[:16].upper()}", derived("secret"), derived("token")
        name, session = role.rsplit("/", 1)[-1], config["FunctionName"][:64]
        sts.register_session(access_key_id, {
            "Arn": f"arn:aws:sts::{arn.split(':')[4]}:assumed-role/{name}/{session}",
            "UserId": f"{name}:{session}",
            "SecretAccessKey": secret,
            "SessionToken": token,
        })
        return {"AWS_ACCESS_KEY_ID": access_key_id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}

    lambda_runtime.execution_credentials = execution_credentials
    lambda_svc.execution_credentials = execution_credentials
