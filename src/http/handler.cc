#include "http/handler.h"

namespace popradio::http {

void Handler::RenderError(int, std::string_view, std::string_view sentence, Response& response) {
  response.content_type = "text/plain; charset=utf-8";
  response.body.assign(sentence).append("\n");
}

}  // namespace popradio::http
