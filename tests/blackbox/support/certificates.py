"""Certificates of our own authority, and the servers that show them."""

import subprocess

from . import stores


def make_certificates(folder):
    """ca.pem, a server's certificate of it for 127.0.0.1 (here), one for another host (elsewhere), and another authority."""

    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)

    for authority in ("ca", "other-ca"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={authority}", "-keyout", f"{authority}.key", "-out", f"{authority}.pem")
    for name, host in (("here", "IP:127.0.0.1"), ("elsewhere", "DNS:elsewhere.example")):
        (folder / f"{name}.ext").write_text(f"subjectAltName={host}\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        (folder / f"{name}-both.pem").write_text((folder / f"{name}.pem").read_text() + (folder / f"{name}.key").read_text())
    return folder


def tls_redis(certificates, name="here"):
    """A class of Redis that speaks TLS alone, among themselves too."""

    class Tls(stores.Redis):
        cli_options = ("--tls", "--cacert", certificates / "ca.pem")

        def command(self):
            between = ["--tls-cluster", "yes"] if self.cluster else []
            return [*super().command(), "--port", 0, "--tls-port", self.port, "--tls-cert-file", certificates / f"{name}.pem",
                    "--tls-key-file", certificates / f"{name}.key", "--tls-ca-cert-file", certificates / "ca.pem", "--tls-auth-clients", "no",
                    *between]  # fmt: skip

    return Tls


def tls_replica_set(certificates, members=1):
    """MongoDB that speaks TLS alone, among themselves too."""
    required = ("--tlsMode", "requireTLS", "--tlsCertificateKeyFile", certificates / "here-both.pem", "--tlsCAFile", certificates / "ca.pem",
                "--tlsAllowConnectionsWithoutCertificates")  # fmt: skip
    return stores.ReplicaSet(members, arguments=required, tls=True, tlsCAFile=str(certificates / "ca.pem"))
