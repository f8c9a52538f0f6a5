import { queryOptions } from '@tanstack/react-query';
import { request } from '@/lib/api/client';
import { songSchema } from '@/lib/schemas/song';

export const songOptions = (id: string) =>
  queryOptions({
    queryKey: ['song', id],
    queryFn: ({ signal }) =>
      request(`/songs/${encodeURIComponent(id)}`, { schema: songSchema, signal }),
  });
