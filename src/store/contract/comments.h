#pragma once

#include "store/contract/harness.h"

namespace popradio::store::contract {

class CommentContract : public ContractTest {
 protected:
  Comment Make(const Target& target, const std::string& text, const SessionId& session) {
    Comment comment;
    comment.id = NewId();
    comment.target = target;
    comment.session = session;
    comment.fingerprint = "browser";
    comment.text = text;
    comment.created_at = clock().Now();
    comment.expire_at = clock().Now() + std::chrono::days(30);
    return comment;
  }
  Comment Add(const Target& target, const std::string& text) {
    const Comment comment = Make(target, text, NewSession());
    EXPECT_TRUE(Await(backend().comments().Add(comment)));
    return comment;
  }
  // Its text is its moment.
  Comment AddMoment(const Target& target, std::int64_t at_ms) {
    Comment comment = Make(target, std::to_string(at_ms), NewSession());
    comment.at_ms = at_ms;
    EXPECT_TRUE(Await(backend().comments().Add(comment)));
    return comment;
  }
  CommentPage List(const Target& target, std::optional<ObjectId> before = std::nullopt,
                   std::size_t limit = 20) {
    return Await(backend().comments().List(target, before, limit)).value();
  }
  std::vector<std::string> Texts(const CommentPage& page) {
    std::vector<std::string> texts;
    for (const Comment& comment : page.comments) texts.push_back(comment.text);
    return texts;
  }
  std::vector<std::string> Moments(const Target& target, std::int64_t first_ms,
                                   std::int64_t last_ms, std::size_t limit = 20) {
    const auto found =
        Await(backend().comments().ListMoments(target, first_ms, last_ms, limit)).value();
    return Texts({found, std::nullopt});
  }
  using Strings = std::vector<std::string>;
};

TEST_P(CommentContract, ACommentComesBackWhole) {
  const Target song = NewSongTarget();
  const Comment comment = Add(song, "This song is so dreamy! 💕✨");
  Restart();
  EXPECT_EQ(List(song).comments, (std::vector{comment}));
  EXPECT_EQ(List(NewSongTarget()).comments.size(), 0u);
  EXPECT_EQ(List({TargetType::kPlaylist, song.id}).comments.size(), 0u);
}

TEST_P(CommentContract, MomentAndImportedNameComeBackToo) {
  const Target song = NewSongTarget();
  Comment comment = Make(song, "the drop!", NewSession());
  comment.at_ms = 0;
  comment.author = "velvet-comet-42";
  ASSERT_TRUE(Await(backend().comments().Add(comment)));
  Restart();
  EXPECT_EQ(List(song).comments, (std::vector{comment}));
  EXPECT_EQ(Await(backend().comments().ListAll(std::nullopt, 1)).value().comments,
            (std::vector{comment}));
  EXPECT_EQ(Await(backend().comments().SetHidden(comment.id, false)).value(), comment);
}

TEST_P(CommentContract, MomentsAreThoseOfTheStretchInTheSongsOrder) {
  const Target song = NewSongTarget();
  for (const std::int64_t at_ms : {30'000, 10'000, 50'001, 50'000, 9'999, 30'000}) {
    AddMoment(song, at_ms);
    clock().Advance(Millis(1));
  }
  Add(song, "about the whole");
  AddMoment(NewSongTarget(), 30'000);
  EXPECT_EQ(Moments(song, 10'000, 50'000), (Strings{"10000", "30000", "30000", "50000"}));
  const auto found = Await(backend().comments().ListMoments(song, 30'000, 30'000, 10)).value();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_LT(found[0].created_at, found[1].created_at) << "of one moment the older first";
  EXPECT_EQ(Moments(song, -15'000, 9'000), Strings());
  EXPECT_EQ(Moments(NewSongTarget(), 0, 100'000), Strings());
}

TEST_P(CommentContract, OfTooManyMomentsTheNewestAreKept) {
  const Target song = NewSongTarget();
  for (const std::int64_t at_ms : {5, 4, 1, 3, 2}) {
    AddMoment(song, at_ms);
    clock().Advance(Millis(1));
  }
  EXPECT_EQ(Moments(song, 0, 10, 3), (Strings{"1", "2", "3"}));
  EXPECT_EQ(Moments(song, 0, 10, 1), Strings{"2"});
}

TEST_P(CommentContract, HiddenExpiredAndForgottenMomentsAreNotShown) {
  const Target song = NewSongTarget();
  AddMoment(song, 1);
  clock().Advance(std::chrono::days(29));
  const Comment hidden = AddMoment(song, 2);
  const Comment forgotten = AddMoment(song, 3);
  AddMoment(song, 4);
  EXPECT_EQ(Moments(song, 0, 10), (Strings{"1", "2", "3", "4"}));
  ASSERT_TRUE(Await(backend().comments().SetHidden(hidden.id, true)));
  ASSERT_TRUE(Await(backend().comments().Forget(forgotten.session)));
  clock().Advance(std::chrono::days(1));
  EXPECT_EQ(Moments(song, 0, 10), Strings{"4"});
  ASSERT_TRUE(Await(backend().comments().SetHidden(hidden.id, false)));
  EXPECT_EQ(Moments(song, 0, 10), (Strings{"2", "4"}));
}

TEST_P(CommentContract, PagesGoFromNewToOldWithoutGapOrRepeat) {
  const Target song = NewSongTarget();
  Strings expected;
  for (int i = 0; i < 25; ++i) {
    Add(song, "c" + std::to_string(i));
    expected.insert(expected.begin(), "c" + std::to_string(i));
    clock().Advance(Millis(40));  // many within one second, which an id cannot tell apart
  }
  Strings found;
  std::optional<ObjectId> cursor;
  int pages = 0;
  do {
    const CommentPage page = List(song, cursor, 4);
    for (const std::string& text : Texts(page)) found.push_back(text);
    cursor = page.next;
    ASSERT_LT(++pages, 10);
  } while (cursor);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(pages, 7);
}

TEST_P(CommentContract, TheLastFullPageHasNoNext) {
  const Target song = NewSongTarget();
  for (int i = 0; i < 4; ++i) Add(song, "x");
  EXPECT_FALSE(List(song, std::nullopt, 4).next);
  EXPECT_TRUE(List(song, std::nullopt, 3).next);
}

TEST_P(CommentContract, OfOneMomentTheHigherIdComesFirst) {
  const Target song = NewSongTarget();
  std::vector<ObjectId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Add(song, "x").id);
  std::sort(ids.rbegin(), ids.rend());
  std::vector<ObjectId> found;
  for (const Comment& comment : List(song).comments) found.push_back(comment.id);
  EXPECT_EQ(found, ids);
}

TEST_P(CommentContract, ACursorHoldsWhenItsCommentIsForgotten) {
  const Target song = NewSongTarget();
  const SessionId leaver = NewSession();
  for (int i = 0; i < 3; ++i) {
    Add(song, "old" + std::to_string(i));
    clock().Advance(Millis(10));
  }
  const Comment mine = Make(song, "mine", leaver);
  ASSERT_TRUE(Await(backend().comments().Add(mine)));
  clock().Advance(Millis(10));
  Add(song, "new");
  const CommentPage first = List(song, std::nullopt, 2);
  ASSERT_EQ(Texts(first), (Strings{"new", "mine"}));
  ASSERT_TRUE(Await(backend().comments().Forget(leaver)));
  EXPECT_EQ(Texts(List(song, first.next, 5)), (Strings{"old2", "old1", "old0"}));
  EXPECT_EQ(Texts(List(song)), (Strings{"new", "old2", "old1", "old0"}));
}

TEST_P(CommentContract, OneThatIsThereAlreadyIsNotAddedTwice) {
  const Target song = NewSongTarget();
  Comment comment = Add(song, "as it was");
  comment.text = "something else";
  EXPECT_TRUE(Await(backend().comments().Add(comment)));
  EXPECT_EQ(Texts(List(song)), (Strings{"as it was"}));
}

TEST_P(CommentContract, HiddenOnesAreForTheCuratorOnly) {
  const Target song = NewSongTarget();
  const Comment comment = Add(song, "rude");
  const Result<Comment> hidden = Await(backend().comments().SetHidden(comment.id, true));
  ASSERT_TRUE(hidden);
  EXPECT_TRUE(hidden->is_hidden);
  EXPECT_EQ(hidden->text, "rude");
  EXPECT_TRUE(List(song).comments.empty());
  const CommentPage all = Await(backend().comments().ListAll(std::nullopt, 10)).value();
  ASSERT_EQ(all.comments.size(), 1u);
  EXPECT_TRUE(all.comments[0].is_hidden);
  ASSERT_TRUE(Await(backend().comments().SetHidden(comment.id, false)));
  EXPECT_EQ(List(song).comments.size(), 1u);
  EXPECT_EQ(Await(backend().comments().SetHidden(NewId(), true)).error().code,
            ErrorCode::kCommentNotFound);
}

TEST_P(CommentContract, TheCuratorSeesAllTargetsInPages) {
  for (int i = 0; i < 5; ++i) {
    Add(i % 2 == 0 ? NewSongTarget() : NewPlaylistTarget(), std::to_string(i));
    clock().Advance(Millis(1));
  }
  const CommentPage first = Await(backend().comments().ListAll(std::nullopt, 3)).value();
  EXPECT_EQ(Texts(first), (Strings{"4", "3", "2"}));
  const CommentPage second = Await(backend().comments().ListAll(first.next, 3)).value();
  EXPECT_EQ(Texts(second), (Strings{"1", "0"}));
  EXPECT_FALSE(second.next);
}

TEST_P(CommentContract, ExpiredOnesAreNeverReturned) {
  const Target song = NewSongTarget();
  const Comment old = Add(song, "old");
  clock().Advance(std::chrono::days(29));
  Add(song, "young");
  EXPECT_EQ(List(song).comments.size(), 2u);
  clock().Advance(std::chrono::days(1));
  EXPECT_EQ(Texts(List(song)), (Strings{"young"}));
  EXPECT_EQ(Await(backend().comments().ListAll(std::nullopt, 10)).value().comments.size(), 1u);
  EXPECT_EQ(Await(backend().comments().SetHidden(old.id, true)).error().code,
            ErrorCode::kCommentNotFound);
  EXPECT_TRUE(List(song, old.id).comments.empty());
}

TEST_P(CommentContract, ForgettingRemovesOnlyTheSessionsOwn) {
  const Target song = NewSongTarget();
  const SessionId session = NewSession();
  Add(song, "theirs");
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(Await(backend().comments().Add(Make(song, "mine", session))));
  ASSERT_TRUE(Await(backend().comments().Forget(session)));
  EXPECT_EQ(Texts(List(song)), (Strings{"theirs"}));
}

}  // namespace popradio::store::contract
