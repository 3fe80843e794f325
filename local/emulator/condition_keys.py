"""Fills in the condition keys of IAM that AWS has of a request and ministack leaves out, or has in another form.

Without them a Deny by one of them would hold for everybody or for nobody here, and prove nothing.
"""

HEADERS = (
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
)


def role_arn(session_arn: str, account: str) -> str:
    """aws:PrincipalArn of a session is its role's ARN, with the path that the session's own has not."""
    from ministack.core import iam_evaluator
    from ministack.services import iam

    name = iam_evaluator._role_name_from_assumed_arn(session_arn)
    role = iam._roles.get_scoped(account, None, name)
    return role["Arn"] if role else session_arn


def complete() -> None:
    from ministack.core import iam_actions, iam_evaluator

    resolve = iam_evaluator._resolve_condition_key
    object_context = iam_actions._s3_object_context

    def resolved(key, context):
        name = key.lower()
        is_service = context.principal_type == "Service"
        if name == "aws:principalisawsservice":
            return str(is_service).lower()
        if name == "aws:principalarn":
            if is_service:
                return None
            arn = context.principal_arn
            return role_arn(arn, context.principal_account) if ":assumed-role/" in arn else arn
        return resolve(key, context)

    def with_encryption(action, query, path, headers):
        context = object_context(action, query, path, headers)
        if action == "s3:PutObject":
            context |= {f"s3:{name}": headers[name] for name in HEADERS if headers.get(name)}
        return context

    iam_evaluator._resolve_condition_key = resolved
    iam_actions._s3_object_context = with_encryption
