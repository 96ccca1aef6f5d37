"""Alibaba Cloud's RPC request signature, version 1.0, HMAC-SHA1 (请求签名).

The vendor's documents 25490 (签名机制) and 56189 (短信服务签名示例).
"""

import base64
import hmac
from collections.abc import Mapping
from urllib.parse import quote


def signed(parameters: Mapping[str, str], secret: str, method: str = "POST") -> dict[str, str]:
    """Give the parameters with their signature (签名)."""
    return {**parameters, "Signature": signature(parameters, secret, method)}


def signature(parameters: Mapping[str, str], secret: str, method: str = "POST") -> str:
    """Sign the sorted, percent-encoded parameters; the key is the secret and an ampersand (计算签名)."""
    query = "&".join(f"{_code(name)}={_code(parameters[name])}" for name in sorted(parameters))
    text = "&".join([method, _code("/"), _code(query)])
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), "sha1")).decode()


def _code(text: str) -> str:
    return quote(text, safe="-_.~")
