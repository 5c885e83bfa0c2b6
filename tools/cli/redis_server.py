"""A private Redis on a unix socket. It only rings bells: nothing in it is kept, and nothing waits for it."""

import socket

from mariadb import find_program


class Redis:
    name = "redis"

    def __init__(self, state, supervisor):
        self.directory = state.path("redis")
        self.socket = self.directory / "redis.sock"
        self._supervisor = supervisor

    def start(self):
        record = self._supervisor.record(self.name)
        if record is None:
            self.directory.mkdir(mode=0o700, exist_ok=True)
            self.socket.unlink(missing_ok=True)
            record = self._supervisor.spawn(self.name, [
                find_program("redis-server"), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700",
                "--save", "", "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru",
                "--dir", self.directory, "--daemonize", "no"])
        self._supervisor.wait_ready(record, self.problem, 20)
        return record

    def stop(self):
        return self._supervisor.stop(self.name)

    def problem(self):
        try:
            return None if self.command("PING") == "+PONG" else "does not answer PING"
        except OSError as error:
            return str(error)

    def command(self, *words):
        """Sends one command; the first line of the answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            payload = b"*%d\r\n" % len(words)
            for word in words:
                data = str(word).encode()
                payload += b"$%d\r\n%s\r\n" % (len(data), data)
            connection.sendall(payload)
            return connection.makefile("rb").readline().decode().strip()
