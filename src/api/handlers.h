#pragma once

#include <vector>

#include "api/route_table.h"
#include "domain/song.h"

// Every handler of the route table, by the file that has it.
namespace popradio::api {

// songs.cc
// The first page of the list by likes, as the app asks for it, for nobody in particular, into the
// body; and its songs, which live as long as the thread's catalogue. False when the order or the
// numbers are not at hand.
bool QuickFirstSongs(Station& station, Call& call, std::vector<const Song*>& shown);
Task<Result<void>> ListSongs(Station& station, Call& call);
Task<Result<void>> PopularSongs(Station& station, Call& call);
Task<Result<void>> RecentSongs(Station& station, Call& call);
Task<Result<void>> GetSong(Station& station, Call& call);
Task<Result<void>> PlaySong(Station& station, Call& call);

// likes.cc
Task<Result<void>> LikeSong(Station& station, Call& call);
Task<Result<void>> UnlikeSong(Station& station, Call& call);
Task<Result<void>> LikePlaylist(Station& station, Call& call);
Task<Result<void>> UnlikePlaylist(Station& station, Call& call);

// comments.cc
Task<Result<void>> ListSongComments(Station& station, Call& call);
Task<Result<void>> CommentOnSong(Station& station, Call& call);
Task<Result<void>> ListPlaylistComments(Station& station, Call& call);
Task<Result<void>> CommentOnPlaylist(Station& station, Call& call);

// playlists.cc
Task<Result<void>> ListPlaylists(Station& station, Call& call);
Task<Result<void>> FeaturedPlaylists(Station& station, Call& call);
Task<Result<void>> GetPlaylist(Station& station, Call& call);

// radio.cc
bool QuickRadioStream(Station& station, Call& call);
Task<Result<void>> GetRadioStream(Station& station, Call& call);
Task<Result<void>> GetRadioHistory(Station& station, Call& call);
Task<Result<void>> GetRadioSchedule(Station& station, Call& call);
Task<Result<void>> GetTime(Station& station, Call& call);

// events.cc
Task<Result<void>> GetRadioEvents(Station& station, Call& call);
Task<Result<void>> React(Station& station, Call& call);

// skip.cc
Task<Result<void>> SkipSong(Station& station, Call& call);
Task<Result<void>> AdminSkip(Station& station, Call& call);
Task<Result<void>> AdminPinNext(Station& station, Call& call);

// sessions.cc
Task<Result<void>> GetMySession(Station& station, Call& call);
Task<Result<void>> ForgetMySession(Station& station, Call& call);

// admin_songs.cc
Task<Result<void>> AdminListSongs(Station& station, Call& call);
Task<Result<void>> AdminGetSong(Station& station, Call& call);
Task<Result<void>> AdminCreateSong(Station& station, Call& call);
Task<Result<void>> AdminUpdateSong(Station& station, Call& call);
Task<Result<void>> AdminDeactivateSong(Station& station, Call& call);

// admin_playlists.cc
Task<Result<void>> AdminListPlaylists(Station& station, Call& call);
Task<Result<void>> AdminGetPlaylist(Station& station, Call& call);
Task<Result<void>> AdminCreatePlaylist(Station& station, Call& call);
Task<Result<void>> AdminUpdatePlaylist(Station& station, Call& call);
Task<Result<void>> AdminDeactivatePlaylist(Station& station, Call& call);

// admin_station.cc
Task<Result<void>> AdminListComments(Station& station, Call& call);
Task<Result<void>> AdminUpdateComment(Station& station, Call& call);
Task<Result<void>> AdminGetRotation(Station& station, Call& call);
Task<Result<void>> AdminUpdateRotation(Station& station, Call& call);
Task<Result<void>> AdminGetAnalytics(Station& station, Call& call);

// admin_transfer.cc
Task<Result<void>> AdminImport(Station& station, Call& call);
Task<Result<void>> AdminExport(Station& station, Call& call);

// media_files.cc
Task<Result<void>> GetSongVideo(Station& station, Call& call);
Task<Result<void>> GetSongAudio(Station& station, Call& call);
Task<Result<void>> GetSongArt(Station& station, Call& call);
Task<Result<void>> GetPlaylistCover(Station& station, Call& call);

// operations.cc
Task<Result<void>> GetHealth(Station& station, Call& call);
Task<Result<void>> GetLiveness(Station& station, Call& call);
Task<Result<void>> GetReadiness(Station& station, Call& call);
Task<Result<void>> GetMetrics(Station& station, Call& call);
Task<Result<void>> GetDescription(Station& station, Call& call);
Task<Result<void>> GetDocs(Station& station, Call& call);

// share.cc
Task<Result<void>> GetOembed(Station& station, Call& call);
Task<Result<void>> GetRobots(Station& station, Call& call);
Task<Result<void>> GetSitemap(Station& station, Call& call);

}  // namespace popradio::api
