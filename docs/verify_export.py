#!/usr/bin/env python3
"""Checks an export of Countersign's ledger without any of its code: a second opinion on `countersign ledger verify`.

    python3 verify_export.py DIR [--key VKEY]

Makes every hash again from the entries (RFC 6962), compares all tiles (C2SP tlog-tiles) and the root, checks the
checkpoint's Ed25519 signature (C2SP signed-note) with the `openssl` command, and follows each request from entry to
entry. What a verifier of ours reads beyond that, votes and terms, it leaves alone. Exits 0 or says what is wrong and
exits 1. Needs Python 3.8 and nothing else.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

FULL = 256


class Wrong(Exception):
    pass


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(leaf):
    return sha256(b"\0", leaf)


def root(hashes):
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\1", root(hashes[:split]), root(hashes[split:]))


def path(level, number, width):
    digits = "%03d" % (number % 1000)
    number //= 1000
    while number:
        digits = "x%03d/" % (number % 1000) + digits
        number //= 1000
    return "tile/%s/%s%s" % (level, digits, "" if width == FULL else ".p/%d" % width)


def read(folder, name):
    try:
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()
    except OSError as error:
        raise Wrong("cannot read %s: %s" % (name, error))


def canonical_base64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def checkpoint(note):
    """Origin, size, root, the signed text and its signatures as (name, key id, signature)."""
    try:
        text = note.decode("utf-8")
        body, _, lines = text.rpartition("\n\n")
        origin, size, root_hash = body.split("\n")
        if not text.endswith("\n") or str(int(size)) != size or not origin:
            raise ValueError("not a checkpoint")
        signatures = []
        for line in lines[:-1].split("\n"):
            dash, name, signed = line.split(" ")
            if dash != "\u2014":
                raise ValueError("not a signature")
            signed = canonical_base64(signed)
            signatures.append((name, signed[:4], signed[4:]))
        return origin, int(size), canonical_base64(root_hash), (body + "\n").encode(), signatures
    except ValueError as error:
        raise Wrong("the checkpoint cannot be read: %s" % error)


def verify_signature(text, signatures, vkeys):
    """True when a known key signed; None when there is no openssl to ask."""
    openssl = shutil.which("openssl")
    signed = False
    for vkey in vkeys:
        name, key_id, typed = vkey.split("+", 2)
        typed = canonical_base64(typed)
        if sha256(name.encode(), b"\n", typed)[:4].hex() != key_id or typed[:1] != b"\1":
            raise Wrong("not a key: " + vkey)
        for signer, signer_id, signature in signatures:
            if signer != name or signer_id.hex() != key_id:
                continue
            if openssl is None:
                return None
            with tempfile.TemporaryDirectory() as temporary:
                names = [os.path.join(temporary, it) for it in ("key", "text", "signature")]
                x509 = bytes.fromhex("302a300506032b6570032100") + typed[1:]
                for file_name, data in zip(names, (x509, text, signature)):
                    with open(file_name, "wb") as file:
                        file.write(data)
                done = subprocess.run(
                    [openssl, "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names[0], "-rawin",
                     "-in", names[1], "-sigfile", names[2]],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if done.returncode != 0:
                raise Wrong("the signature of %s is false" % name)
            signed = True
    return signed


def entries(folder, size):
    for start in range(0, size, FULL):
        width = min(FULL, size - start)
        bundle = read(folder, path("entries", start // FULL, width))
        at = 0
        for index in range(start, start + width):
            length = int.from_bytes(bundle[at:at + 2], "big")
            leaf = bundle[at + 2:at + 2 + length]
            if at + 2 > len(bundle) or len(leaf) != length:
                raise Wrong("entry %d is cut short" % index)
            at += 2 + length
            yield index, leaf
        if at != len(bundle):
            raise Wrong("entry %d is followed by something" % (start + width - 1))


def compare_tiles(folder, hashes, level=0):
    """Compares a level with the tiles made of it, and gives their roots to the level above."""
    above = []
    for start in range(0, len(hashes), FULL):
        tile = hashes[start:start + FULL]
        name = path(level, start // FULL, len(tile))
        found = read(folder, name)
        if found != b"".join(tile):
            at = next((i for i, it in enumerate(tile) if found[32 * i:32 * i + 32] != it), len(tile) - 1)
            raise Wrong("entry %d: %s is not its hash" % ((start + at) * FULL ** level, name))
        if len(tile) == FULL:
            above.append(root(tile))
    if above:
        compare_tiles(folder, above, level + 1)


def unique(members):
    if len(dict(members)) != len(members):
        raise ValueError("two members of one name")
    return dict(members)


def verify(folder, vkeys):
    origin, size, root_hash, text, signatures = checkpoint(read(folder, "checkpoint"))
    hashes, last, minted = [], {}, set()
    for index, leaf in entries(folder, size):
        hashes.append(leaf_hash(leaf))
        name = base64.urlsafe_b64encode(hashes[-1]).decode().rstrip("=")
        try:
            entry = json.loads(leaf.decode("utf-8"), object_pairs_hook=unique)
            request, previous = entry.get("request"), entry.get("prev")
            code, jti = entry["code"], entry["body"].get("jti")
        except (ValueError, KeyError, AttributeError) as error:
            raise Wrong("entry %d cannot be read: %s" % (index, error))
        if request is not None:
            if previous != last.get(request):
                raise Wrong("entry %d does not follow the last entry of its request" % index)
            last[request] = name
        if code == "token.minted":
            if request is None or jti is None or jti in minted or request in minted:
                raise Wrong("entry %d is a second token" % index)
            minted.update((jti, request))
    compare_tiles(folder, hashes)
    if root(hashes) != root_hash:
        raise Wrong("the root over the entries is not the checkpoint's")
    known = vkeys or read(folder, "vkey").decode().split()
    signed = verify_signature(text, signatures, known)
    if signed is None:
        print("SIGNATURE NOT CHECKED: there is no openssl command", file=sys.stderr)
    elif not signed:
        raise Wrong("no trusted key signed the checkpoint")
    if not vkeys:
        print("TRUSTED THE KEY IN THE FOLDER: give --key to know who signed", file=sys.stderr)
    print("good: %d entries of %s" % (size, origin))


def main(arguments):
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--key"):
        print("usage: verify_export.py DIR [--key VKEY]", file=sys.stderr)
        return 2
    try:
        verify(arguments[0], arguments[2:])
        return 0
    except Wrong as wrong:
        print("wrong: %s" % wrong)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
