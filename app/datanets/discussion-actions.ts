'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { moderateComment } from '#lib/discussions/moderate-comment.ts';
import { postComment } from '#lib/discussions/post-comment.ts';
import { reportComment } from '#lib/discussions/report-comment.ts';
import {
  moderateCommentSchema,
  postCommentSchema,
  reportCommentSchema,
  takeBackCommentSchema,
} from '#lib/discussions/schema.ts';
import { takeBackComment } from '#lib/discussions/take-back-comment.ts';

export const postCommentAction = defineAction({
  input: postCommentSchema,
  auth: 'account',
  limit: { name: 'post-comment', max: 20, windowSeconds: 60 },
  run: postComment,
});

export const moderateCommentAction = defineAction({
  input: moderateCommentSchema,
  auth: 'account',
  limit: { name: 'moderate-comment', max: 120, windowSeconds: 60 },
  run: moderateComment,
});

export const reportCommentAction = defineAction({
  input: reportCommentSchema,
  auth: 'account',
  limit: { name: 'report-comment', max: 20, windowSeconds: 60 },
  run: reportComment,
});

export const takeBackCommentAction = defineAction({
  input: takeBackCommentSchema,
  auth: 'account',
  limit: { name: 'take-back-comment', max: 60, windowSeconds: 60 },
  run: takeBackComment,
});
