#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "http/connection_limit.h"
#include "http/io_thread.h"
#include "http/parser.h"
#include "http/request.h"
#include "http/response.h"

namespace popradio::http {

// One client's connection: reads requests, has them answered in order, writes the answers. Owned by
// the coroutine that runs it; lives on one thread.
//
// In steady state a small request costs one recv, one send and no allocation: buffers, request and
// response are reused, and the deadline is a number that the thread's sweep looks at once a second.
class Connection {
 public:
  Connection(IoThread& thread, boost::asio::ip::tcp::socket socket,
             const boost::asio::ip::address& peer, ConnectionSlot slot);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Serves until the client or we have had enough.
  static Task<void> Serve(std::unique_ptr<Connection> self);
  // Answers whatever comes with 503 and closes: a limit on connections is reached.
  static Task<void> Refuse(std::unique_ptr<Connection> self);

  // For the thread's sweep.
  std::int64_t deadline_ms() const { return deadline_ms_; }
  void OnDeadline();
  // Ends the wait for the client: always with `force`, else only between requests.
  void Interrupt(bool force);

  boost::intrusive::list_member_hook<> hook;

 private:
  enum class Sent { kAll, kPart, kFailed };
  static constexpr std::int64_t kNoDeadline = INT64_MAX;

  Task<void> Run();
  // Sets the deadline and makes room. False: nothing more is to be read.
  bool PrepareHeadRead();
  boost::asio::mutable_buffer FreeSpace() const;
  bool FinishRead(const boost::system::error_code& ec, std::size_t n);
  void MakeRoom(std::size_t capacity);
  std::string_view Buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }
  void FinishRequest();

  // Brings in the body of the request whose head is parsed. False: it was refused or never came,
  // and the connection is to be closed.
  Task<bool> ReadBody();
  Task<bool> ReadPlainBody(std::uint64_t length);
  Task<bool> ReadChunkedBody(std::uint64_t max_body);
  std::int64_t BodyDeadline(std::uint64_t received) const;

  // Appends the answer in response_ to out_. False: the body is too large to copy, FlushAnswer
  // sends it.
  bool ComposeAnswer(bool close);
  void ComposeError(const ProtocolError& error);
  void CountAnswer();
  void LogFailure(const char* what);
  void RenderFailure();

  // Writes out_ and then `extra` as far as the socket takes them at once.
  Sent TryFlush(std::string_view extra, bool more_follows = false);
  // Goes on where TryFlush had to stop.
  Task<Sent> FlushRest(std::string_view extra, bool more_follows = false);
  Sent SendSome(std::string_view extra, bool more_follows);
  Task<bool> WaitWritable();
  // Writes out_ and the body that was not copied there.
  Task<Sent> FlushAnswer();
  Task<Sent> SendFile();
  // Writes the answer and gives the socket away (Response::TakeOver).
  Task<void> HandOver();
  Task<void> FinishWithError();
  // Lets the client read an answer that it did not wait for, before the connection goes.
  Task<void> Linger();

  IoThread& thread_;
  boost::asio::ip::tcp::socket socket_;
  ConnectionSlot slot_;
  RequestParser parser_;
  Request request_;
  Response response_;
  std::string out_;          // heads and small bodies on their way
  std::size_t written_ = 0;  // of out_ and what follows it
  std::string body_;         // a request body that is chunked or did not come with the head
  ProtocolError body_error_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;  // of this request
  std::size_t end_ = 0;    // of what was read
  std::size_t next_ = 0;   // of the next request
  std::int64_t deadline_ms_ = kNoDeadline;
  std::int64_t head_deadline_ms_ = kNoDeadline;
  std::int64_t body_deadline_ms_ = kNoDeadline;
  bool timed_out_ = false;
  bool between_requests_ = true;  // nobody is hurt by closing now
  char request_id_[16];
};

}  // namespace popradio::http
