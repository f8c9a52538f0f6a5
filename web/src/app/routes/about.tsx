import { Share } from 'pixelarticons/react/Share.js';
import { Link } from 'react-router';
import { FactWindow } from '@/components/fact-window';
import { Lid } from '@/components/lid';
import { QrCode } from '@/components/qr-code';
import { useTranslation } from '@/lib/i18n/use-translation';
import { share } from '@/lib/share';
import { useTitle } from '@/lib/use-title';
import { version } from '../../../package.json';

/** What the keyboard does; the keys themselves are the same in every language. */
const KEYS = [
  ['sound', ['Space']],
  ['like', ['L']],
  ['comment', ['C']],
  ['skip', ['S']],
  ['volume', ['→', '←']],
  ['pages', ['Tab']],
  ['help', ['?']],
] as const;

export default function AboutRoute() {
  const { t } = useTranslation(['about', 'common']);
  useTitle(t('title'));
  const here = window.location.origin;
  return (
    <>
      <Lid>
        <h1 className="title">{t('title')}</h1>
        <p className="by">{t('text')}</p>
      </Lid>
      <main className="page page--list page--facts" id="content">
        <FactWindow title={t('what.title')}>
          <p>{t('what.text')}</p>
          <p>{t('what.you')}</p>
          <p>{t('what.choose')}</p>
        </FactWindow>
        <FactWindow title={t('share.title')} id="qr">
          <div className="carry">
            <QrCode text={`${here}/`} label={t('share.code')} />
            <div className="carry-text">
              <p>{t('share.text')}</p>
              <p className="led address">{here.replace(/^https?:\/\//, '')}</p>
              <button
                type="button"
                className="gel"
                onClick={() => void share('PopRadio', t('text'), '/')}
              >
                <Share className="i" aria-hidden="true" />
                {t('common:share')}
              </button>
            </div>
          </div>
        </FactWindow>
        <FactWindow title={t('step.title')}>
          <ol className="steps">
            <li>{t('step.ask')}</li>
            <li>{t('step.follow')}</li>
            <li>{t('step.nudge')}</li>
            <li>{t('step.jump')}</li>
          </ol>
        </FactWindow>
        <FactWindow title={t('privacy.title')}>
          <p>{t('privacy.none')}</p>
          <p>{t('privacy.local')}</p>
          <p>{t('privacy.station')}</p>
          <p>{t('privacy.comments')}</p>
          <p>{t('privacy.address')}</p>
          <p>{t('privacy.others')}</p>
          <p>
            <Link className="gel gel--clear" to="/mine#forget">
              {t('privacy.forget')}
            </Link>
          </p>
        </FactWindow>
        <FactWindow title={t('keys.title')} id="keys">
          <dl className="keys">
            {KEYS.map(([what, keys]) => (
              <div key={what}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{t(`keys.${what}`)}</dd>
              </div>
            ))}
          </dl>
        </FactWindow>
        <FactWindow title={t('machines.title')}>
          <p>
            <a className="link" href="/docs">
              {t('machines.api')}
            </a>
          </p>
          <p>{t('machines.licence')}</p>
          <p className="led">{t('machines.version', { version })}</p>
        </FactWindow>
      </main>
    </>
  );
}
