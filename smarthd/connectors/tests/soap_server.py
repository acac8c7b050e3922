"""A department's SOAP service as the library spyne serves one, in a process of its own: ``python soap_server.py 1.1`` prints its port."""

from __future__ import annotations

import sys
from datetime import date
from wsgiref.simple_server import WSGIRequestHandler, make_server

from spyne import Application, Array, ComplexModel, Date, Decimal, Fault, Integer, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

SPACE = "urn:so-y-te"
PROTOCOLS = {"1.1": Soap11, "1.2": Soap12}


class Place(ComplexModel):
    """Where a pharmacy stands, in degrees."""

    __namespace__ = SPACE
    Lat = Decimal
    Lon = Decimal


class Pharmacy(ComplexModel):
    """A row."""

    __namespace__ = SPACE
    __type_name__ = "NhaThuoc"
    Ma = Unicode
    Ten = Unicode
    CapNgay = Date
    SoNguoi = Integer
    ViTri = Place


class Pharmacies(ServiceBase):
    """One operation, which wants a user and a password."""

    @rpc(Unicode, Unicode, Integer, _returns=Array(Pharmacy))
    def DanhSach(self, user: str, password: str, nhieu_nhat: int) -> list[Pharmacy]:  # noqa: N802 - an operation's name
        """Return the pharmacies."""
        if (user, password) != ("so", 'a<b&"c'):
            raise Fault("Client.Authentication", f"wrong password {password}")
        told = [
            Pharmacy(Ma="N1", Ten="An & Khang", CapNgay=date(2026, 11, 1), SoNguoi=3, ViTri=Place(Lat="20.9", Lon="106.3")),
            Pharmacy(Ma="N2", Ten="Hồng <Phúc>", CapNgay=None, SoNguoi=12),
        ]  # fmt: skip
        return told[:nhieu_nhat]


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(version: str) -> None:
    """Serve until ended."""
    protocol = PROTOCOLS[version]
    app = Application([Pharmacies], SPACE, in_protocol=protocol(validator="lxml"), out_protocol=protocol())
    with make_server("127.0.0.1", 0, WsgiApplication(app), handler_class=_Silent) as server:
        print(server.server_port, flush=True)  # noqa: T201 - how the test learns it
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
