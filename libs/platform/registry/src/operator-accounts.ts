import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import type { OperatorRole } from './operator-role.ts';
import { hashPassword, isPassword } from './password-hash.ts';
import { RegistryError } from './registry-error.ts';

/** Somebody who may come into the console by name and password. */
@Entity({ schema: 'registry', name: 'operator' })
export class OperatorAccount {
  @PrimaryColumn('text') name: string;
  @Column('text', { name: 'password_hash' }) passwordHash: string;
  @Column('text') role: OperatorRole;
  @Column('boolean') disabled: boolean;
  /** Sessions that began before it are over. */
  @Column('timestamptz', { name: 'password_set_at' }) passwordSetAt: Date;
}

/** Who operates by name and password. */
export class OperatorAccounts {
  constructor(private readonly manager: EntityManager) {}

  all(): Promise<OperatorAccount[]> {
    return this.manager.find(OperatorAccount, { order: { name: 'asc' } });
  }

  find(name: string): Promise<OperatorAccount | null> {
    return this.manager.findOneBy(OperatorAccount, { name });
  }

  async add(name: string, password: string, role: OperatorRole): Promise<void> {
    if (await this.manager.existsBy(OperatorAccount, { name }))
      throw new RegistryError(`operator ${name} exists already`);
    const passwordHash = await hashPassword(password);
    await this.manager.insert(OperatorAccount, {
      name,
      passwordHash,
      role,
      disabled: false,
      passwordSetAt: () => 'now()',
    });
  }

  async setPassword(name: string, password: string): Promise<void> {
    await this.update(name, { passwordHash: await hashPassword(password), passwordSetAt: () => 'now()' });
  }

  async setRole(name: string, role: OperatorRole): Promise<void> {
    await this.update(name, { role });
  }

  async setDisabled(name: string, disabled: boolean): Promise<void> {
    await this.update(name, { disabled });
  }

  /** The operator, or null for an unknown name, a wrong password and one who is disabled alike, after the same work. */
  async verify(name: string, password: string): Promise<OperatorAccount | null> {
    const operator = await this.find(name);
    const isRight = await isPassword(password, operator?.passwordHash);
    return isRight && operator?.disabled === false ? operator : null;
  }

  private async update(name: string, changes: Parameters<EntityManager['update']>[2]): Promise<void> {
    const { affected } = await this.manager.update(OperatorAccount, { name }, changes);
    if (affected === 0) throw new RegistryError(`no operator ${name}`);
  }
}
