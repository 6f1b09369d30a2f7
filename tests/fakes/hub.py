"""A model hub with one repository, ``org/tiny``, whose only commit holds the golden checkpoint.

It speaks as much of the Hugging Face Hub's API as a snapshot download needs; see huggingface.co/docs/hub/api.
"""

from pathlib import Path

from aiohttp import web

from tests.fakes.server import Clock, serve

CHECKPOINT = Path(__file__).parent.parent / "inference/local/golden/checkpoint"
COMMIT = "5026053b0c2f5dfaa08fc2d149384162c3c8bca1"
REPOSITORY = "org/tiny"


def build(clock: Clock) -> web.Application:
    served: list[str] = []

    async def revision(request: web.Request) -> web.Response:
        return web.json_response({"id": REPOSITORY, "sha": COMMIT, "siblings": []})

    async def tree(request: web.Request) -> web.Response:
        if request.match_info["revision"] != COMMIT:
            return web.json_response({"error": "no revision"}, status=404, headers={"X-Error-Code": "RevisionNotFound"})
        files = [{"type": "file", "path": p.name, "size": p.stat().st_size, "oid": p.name} for p in paths()]
        code = {"type": "file", "path": "modeling_step_vl.py", "size": 1, "oid": "code"}
        return web.json_response([*files, code])

    async def resolve(request: web.Request) -> web.StreamResponse:
        path = CHECKPOINT / request.match_info["name"]
        if not path.is_file():
            return web.Response(status=404, headers={"X-Error-Code": "EntryNotFound"})
        headers = {"ETag": f'"{path.name}"', "X-Repo-Commit": COMMIT, "X-Linked-Size": str(path.stat().st_size)}
        if request.method == "GET":
            served.append(path.name)
        return web.FileResponse(path, headers=headers)

    async def names(request: web.Request) -> web.Response:
        return web.json_response(served)

    def paths() -> list[Path]:
        return sorted(path for path in CHECKPOINT.iterdir() if path.is_file())

    app = web.Application()
    app.router.add_get(f"/api/models/{REPOSITORY}", revision)
    app.router.add_get(f"/api/models/{REPOSITORY}/revision/{{revision}}", revision)
    app.router.add_get(f"/api/models/{REPOSITORY}/tree/{{revision}}", tree)
    app.router.add_get(f"/{REPOSITORY}/resolve/{COMMIT}/{{name}}", resolve)
    app.router.add_post("/_control/served", names)
    return app


if __name__ == "__main__":
    serve(build)
