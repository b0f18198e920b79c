"""Why a service refused, or cannot be reached: its errors in one sentence of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timingctl.buckets.places import CREDENTIALS, SERVICES
from timingctl.buckets.services import ANONYMOUS

if TYPE_CHECKING:
    from timingctl.buckets.places import Place
    from timingctl.buckets.services import Service

#: What was asked of a service: in words, and the right that it takes.
LIST, READ, WRITE, REMOVE = "listed", "read", "written", "removed"
_RIGHTS = {
    "s3": {LIST: "s3:ListBucket", READ: "s3:GetObject", WRITE: "s3:PutObject",
           REMOVE: "s3:DeleteObject"},
    "gs": {LIST: "storage.objects.list", READ: "storage.objects.get",
           WRITE: "storage.objects.create", REMOVE: "storage.objects.delete"},
    "az": {LIST: "Storage Blob Data Reader", READ: "Storage Blob Data Reader",
           WRITE: "Storage Blob Data Contributor", REMOVE: "Storage Blob Data Contributor"},
}  # fmt: skip
#: How AWS and Google name the right that is missing; and what Arrow says it was doing.
_MISSING = re.compile(r"to perform: (s3:\w+)|\b(storage\.\w+\.\w+) access")
_DOING = re.compile(r"during (\w+) operation")
_DONE_BY = {"ListObjectsV2": LIST, "HeadBucket": LIST, "HeadObject": READ, "GetObject": READ}
#: What the services' errors mean, by words that they contain; the first that is found counts.
_KINDS = (
    ("region", r"[Ll]ooks like the configured region|PermanentRedirect|AuthorizationHeaderMalformed"
     r"|IllegalLocationConstraint|the region '[^']*' is wrong"),
    ("no bucket", r"NO_SUCH_BUCKET|NoSuchBucket|ContainerNotFound|container does not exist"
     r"|bucket does not exist|Bucket does not exist|notFound: bucket"),
    ("bad name", r"InvalidBucketName|InvalidResourceName"),
    ("credentials", r"INVALID_ACCESS_KEY_ID|SIGNATURE_DOES_NOT_MATCH|INVALID_CLIENT_TOKEN_ID"
     r"|UNRECOGNIZED_CLIENT|MISSING_AUTHENTICATION_TOKEN|InvalidAccessKeyId|InvalidToken"
     r"|AuthenticationFailed|NoAuthenticationInformation|UNAUTHENTICATED|invalid_grant"
     r"|Could not create a OAuth2|application_default_credentials"
     r"|Failed to get token|DefaultAzureCredential|ChainedTokenCredential"),
    ("expired", r"ExpiredToken|EXPIRED_TOKEN|TokenRefreshRequired|RequestExpired"),
    ("clock", r"REQUEST_TIME_TOO_SKEWED|RequestTimeTooSkewed"),
    ("denied", r"ACCESS_DENIED|AccessDenied|Access Denied|PERMISSION_DENIED"
     r"|AuthorizationPermissionMismatch|AuthorizationFailure|PublicAccessNotPermitted"
     r"|HTTP status 403|\b403\b"),
    ("name", r"curlCode: 6\b|resolve host|Could not resolve|Couldn't resolve"),
    ("tls", r"curlCode: (?:35|60|77)\b|SSL|TLS"),
    ("silent", r"curlCode: 28\b|Timeout was reached|timed out|DEADLINE_EXCEEDED"),
    ("network", r"NETWORK_CONNECTION|curlCode|UNAVAILABLE|Connection refused|Couldn't connect"
     r"|Could not connect|Fail to get a new connection"),
    ("busy", r"SLOW_DOWN|SlowDown|THROTTLING|HTTP status 429|HTTP status 5\d\d|INTERNAL_FAILURE"
     r"|SERVICE_UNAVAILABLE|ServerBusy|InternalError"),
    ("gone", r"RESOURCE_NOT_FOUND|NO_SUCH_KEY|Path does not exist|NoSuchKey|BlobNotFound"
     r"|NOT_FOUND"),
    ("garbage", r"XML_ERROR|Failed to flush response stream|HTTP status -1|because it is a file"),
)  # fmt: skip
_SENTENCES = {
    "region": "{url} is in another region ({service} was asked); set AWS_REGION={region}.",
    "no bucket": "there is no {url} at {service}; check its name{endpoint}.",
    "bad name": "{bucket!r} cannot be the name of a bucket.",
    "credentials": "{service} does not accept the credentials; look at {where}{public}.",
    "expired": "the credentials have expired; get new ones, as by signing in again.",
    "clock": "the clock of this machine is wrong; set it right.",
    "denied": "these credentials do not have the right ({right}); ask for it, or give others "
    "({where}){public}.",
    "name": "{service} is not found by its name; check the network{endpoint}.",
    "tls": "{service} does not speak TLS as it should; check the network{endpoint}.",
    "silent": "{service} does not answer; check the network{endpoint}.",
    "network": "{service} cannot be reached; check the network{endpoint}.",
    "busy": "{service} is in trouble, or too busy; run this again later.",
    "gone": "there is no such key, or none any more.",
    "garbage": "{service} does not answer as {protocol} does; check the network{endpoint}.",
}
_UNKNOWN = "{service} refuses{code}; look at {where}."
_ENDPOINTS = {
    "s3": " and AWS_ENDPOINT_URL",
    "gs": " and STORAGE_EMULATOR_HOST",
    "az": " and AZURE_STORAGE_BLOB_ENDPOINT",
}
_REGION = re.compile(r"located in '([\w\-]+)'|expecting '([\w\-]+)'")
#: What is said of a file that is another than it was when its folder was listed.
GONE = "RESOURCE_NOT_FOUND"
#: What is said of an answer that no such service gives.
GARBAGE = "XML_ERROR"
#: What is said of a bucket that a service does not know, and does not say so.
NO_BUCKET = "NoSuchBucket"
#: What file systems say of a folder that is none.
_NO_FOLDER = ("No such file or directory", "Cannot use file", "Not a directory")
_CODES = (r"ExceptionName: (\w+)", r"AWS Error (?!UNKNOWN)(\w+)", r"\[(\w+)\]", r"\b([45]\d\d)\b")


def kind_of(error: Exception) -> str:
    """What kind of fault it is: a word of ours; empty for one that is not known."""
    if isinstance(error, TimeoutError):
        return "silent"
    text = re.sub(r"'[^'\n]*'", "''", str(error))  # keys may have any words in them
    return next((kind for kind, pattern in _KINDS if re.search(pattern, text)), "")


def is_no_folder(error: OSError) -> bool:
    """Whether no key begins as that of a folder that was to be listed."""
    return isinstance(error, FileNotFoundError) or any(mark in str(error) for mark in _NO_FOLDER)


def other_bytes(place: Place) -> str:
    """What to try where a service does not store what it was sent."""
    if place.scheme != "s3":
        return ""
    return "; it may not know checksums: set AWS_REQUEST_CHECKSUM_CALCULATION=when_required"


def lacks_region(error: Exception) -> bool:
    """Whether a bucket is in another region, and nothing says in which."""
    return kind_of(error) == "region" and not _REGION.search(str(error))


def _right(scheme: str, asked: str, said: str) -> str:
    """The right that was missing: as the service names it, else that for what was being done."""
    if missing := _MISSING.search(said):
        return str(missing[1] or missing[2])
    if doing := _DOING.search(said):
        is_folder = asked == REMOVE and doing[1] == "HeadObject"  # which has to be listed
        asked = LIST if is_folder else _DONE_BY.get(doing[1], asked)
    return _RIGHTS[scheme][asked]


def sentence(service: Service, place: Place, asked: str, error: Exception) -> str:
    """What is said of an error on what was asked of a place."""
    public = ANONYMOUS.get(place.scheme, ())[:1]
    may_be_public = bool(public) and not service.is_anonymous and asked in {LIST, READ}
    kind = kind_of(error)
    if kind == "gone" and asked in {LIST, WRITE}:  # what is not there is listed as empty
        kind = "garbage" if place.scheme == "s3" else "no bucket"
    code = next(filter(None, (re.search(pattern, str(error)) for pattern in _CODES)), None)
    region = _REGION.search(str(error))
    said = _SENTENCES.get(kind, _UNKNOWN).format(
        service=service.called,
        protocol=SERVICES[place.scheme],
        bucket=place.bucket,
        url=f"{place.scheme}://{place.bucket}",
        right=_right(place.scheme, asked, str(error)),
        where=CREDENTIALS[place.scheme],
        public=f"; for a public bucket set {' or '.join(public)}=1" if may_be_public else "",
        endpoint=_ENDPOINTS[place.scheme],
        region=next(filter(None, region.groups())) if region else "THE_REGION",
        code=f" ({code[1]})" if code else "",
    )
    return f"{place} cannot be {asked}: {said}"
