import { applyDecorators } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

// The text fields that forms and queries are made of. Numbers stay text here: what a number may be is for the decoder.

const NUMBER_MAX = 64;

/** Postgres has no text with a NUL in it, so nothing of ours is called by one. */
const Storable = (name: string) => Matches(/^[^\0]*$/, { message: `${name} must be plain text` });

/** A field that must be there. */
export const TextField = (name: string, max: number) =>
  applyDecorators(
    IsString({ message: `${name} must be given once` }),
    Length(1, max, { message: `${name} must have 1 to ${max} characters` }),
    Storable(name),
  );

/** A field that may be missing. */
export const OptionalText = (name: string, max: number) =>
  applyDecorators(
    IsOptional(),
    IsString({ message: `${name} must be given once` }),
    MaxLength(max, { message: `${name} is too long` }),
    Storable(name),
  );

export const NumberText = (name: string) => TextField(name, NUMBER_MAX);
export const OptionalNumberText = (name: string) => OptionalText(name, NUMBER_MAX);

export const OneOf = (name: string, ...values: readonly string[]) =>
  IsIn([...values], { message: `${name} must be ${values.join(' or ')}` });
